"""A cluster of real processes on this machine, whose members are killed while they train."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest

import tfkeras_compat

TASK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cluster_task.py")
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(tfkeras_compat.__file__)))
DEADLINE_SECS = 240  # 30 on a machine that has nothing else to do, most of it imports
# gRPC finds a restarted server again at intervals of its own: the trainers came back 0.1 to 7 s
# apart. A worker that waits as TensorFlow has it would be 30 behind.
APART_SECS = 15
MAX_STEPS = 1000
ROLES = [("ps", 0), ("chief", 0), ("worker", 0), ("worker", 1), ("evaluator", 0)]
TRAINERS = ROLES[1:4]


class Member:
    """One process: its steps (pairs of time and number), and what it printed."""

    def __init__(self, directory, kind, cluster, role, life):
        name = "%s%d-%d" % (role[0], role[1], life)
        self.role = role
        self._log = os.path.join(directory, name + ".steps")
        self._printed = os.path.join(directory, name + ".err")
        config = {"cluster": cluster, "task": {"type": role[0], "index": role[1]}}
        inherited = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        environment = dict(
            inherited,
            TF_CONFIG=json.dumps(config),
            TASK_LOG=self._log,
            PYTHONPATH=ROOT,
            TF_CPP_MIN_LOG_LEVEL="2",
        )
        self.started_at = time.time()
        with open(self._printed, "w") as printed:
            self.process = subprocess.Popen(
                [sys.executable, TASK, directory, kind, str(MAX_STEPS)],
                env=environment,
                stdout=printed,
                stderr=printed,
            )

    def _lines(self):
        if not os.path.exists(self._log):
            return []
        with open(self._log) as log:
            lines = log.read().split("\n")[:-1]
        return [(float(at), int(step)) for at, step in (line.split() for line in lines)]

    @property
    def called_at(self):
        return self._lines()[0][0]

    @property
    def steps(self):
        return self._lines()[1:]

    def printed(self):
        with open(self._printed, errors="replace") as printed:
            return printed.read()

    def kill(self):
        self.process.kill()
        self.process.wait()


class Cluster:
    """Its members by role. A context that leaves no process behind."""

    def __init__(self, directory, kind):
        self._directory = directory
        self._kind = kind
        self._deadline = time.time() + DEADLINE_SECS
        ports = iter(free_ports(4))
        self._addresses = {"ps": [], "chief": [], "worker": []}
        for job, _ in ROLES[:4]:
            self._addresses[job].append("localhost:%d" % next(ports))
        self._lives = 0
        self.all = []
        self.now = {}

    def __enter__(self):
        for role in ROLES:
            self.start(role)
        return self

    def __exit__(self, kind, *error):
        for member in self.all:
            member.kill()
        if kind:
            for member in self.all:
                print("\n=====", member.role, member.process.returncode)
                print(member.printed()[-3000:])

    def start(self, role):
        self._lives += 1
        member = Member(self._directory, self._kind, self._addresses, role, self._lives)
        self.all.append(member)
        self.now[role] = member
        return member

    def kill_and_restart(self, role):
        """The new member, and the last checkpoint that was there between the two."""
        self.now[role].kill()
        time.sleep(0.3)
        checkpoint = self.last_checkpoint()
        return self.start(role), checkpoint

    def last_checkpoint(self):
        with open(os.path.join(self._directory, "model", "checkpoint")) as state:
            return re.search(r'model_checkpoint_path: "(.*)"', state.read()).group(1)

    def wait(self, happened, what, codes=frozenset()):
        while not happened():
            for member in self.now.values():
                code = member.process.poll()
                assert code in {None, 0} | codes, "%s ended with %s" % (member.role, code)
            assert time.time() < self._deadline, "not in time: " + what
            time.sleep(0.1)

    def wait_for_steps(self, count=3):
        """Until each trainer has made more steps from now on."""
        before = {role: len(self.now[role].steps) for role in TRAINERS}
        self.wait(
            lambda: all(len(self.now[role].steps) >= before[role] + count for role in TRAINERS),
            "steps of all trainers",
        )

    def finish(self):
        open(os.path.join(self._directory, "hurry"), "w").close()
        self.wait(
            lambda: all(self.now[role].process.poll() is not None for role in ROLES[1:]),
            "the end of the training",
        )


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("localhost", 0))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def is_soon(secs, member):
    """Within 5 seconds, or within the time that the member's interpreter and its imports have just
    taken: 3 to 5 seconds, unless the machine has much else to do."""
    return secs < max(5.0, member.called_at - member.started_at)


def came_back_soon(member):
    """Whether its first step was soon after its call of train_and_evaluate."""
    return is_soon(member.steps[0][0] - member.called_at, member)


def first_step_after(moment, member):
    return min(at for at, _ in member.steps if at > moment)


def restored(chief):
    return [
        os.path.basename(path)
        for path in re.findall(r"Restoring parameters from (\S+)", chief.printed())
    ]


def check_end(cluster, directory):
    """The last step was reached, evaluated and exported; each trainer had a part in it."""
    assert int(cluster.last_checkpoint().rsplit("-", 1)[1]) >= MAX_STEPS
    assert all(member.steps for member in cluster.all if member.role in TRAINERS)
    (exported,) = os.listdir(os.path.join(directory, "model", "export", "final"))
    assert exported.isdigit()


# Where both ends share them, one of the two falls to either end.
@pytest.mark.either_end
@pytest.mark.parametrize("kind", ["asynchronous", "synchronous"])
def test_a_training_survives_the_death_of_each_of_its_members(tmp_path, kind):
    directory = str(tmp_path)
    with Cluster(directory, kind) as cluster:
        cluster.wait_for_steps()

        worker, _ = cluster.kill_and_restart(("worker", 1))
        cluster.wait(lambda: worker.steps, "the worker's return")
        assert came_back_soon(worker)

        chief = cluster.now["chief", 0]
        server, checkpoint = cluster.kill_and_restart(("ps", 0))
        cluster.wait(lambda: restored(chief), "the recovery from the loss of the variables")
        assert restored(chief)[0] == checkpoint
        cluster.wait_for_steps()
        back = [first_step_after(server.called_at, cluster.now[role]) for role in TRAINERS]
        assert max(back) - min(back) < APART_SECS

        chief, checkpoint = cluster.kill_and_restart(("chief", 0))
        cluster.wait(lambda: chief.steps, "the chief's return")
        assert restored(chief) == [checkpoint]
        assert came_back_soon(chief)
        cluster.wait_for_steps()

        cluster.finish()
        check_end(cluster, directory)

        server = cluster.now["ps", 0].process
        server.send_signal(signal.SIGINT)
        cluster.wait(
            lambda: server.poll() is not None, "the end of the server after Ctrl-C", {1, -2}
        )
