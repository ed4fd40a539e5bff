"""Small programs that mix old spellings, one for each seed: Keras 1 and 2, TensorFlow 0.x and 1.x,
Python 2 and 3. Weights are set from ``linspace``, so that a program prints numbers of its own."""

import ast
import random


class Writer:
    """A program in the making: the imports that it needs are collected while it is written."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.python_2 = self.rng.random() < 0.4
        self.imports, self.lines, self.bound = [], [], {}

    def pick(self, *choices):
        return self.rng.choice(choices)

    def importing(self, module, name, others=()):
        """How a name of a module is spelled here; it is imported in one of several forms."""
        if (module, name) not in self.bound:
            module_of_import = self.pick(module, *others)
            form = self.pick("from", "from", "as", "module")
            self.bound[module, name] = self._imported(module_of_import, name, form)
        return self.bound[module, name]

    def _imported(self, module, name, form):
        if form == "from":
            self.imports.append("from %s import %s" % (module, name) + self.comment())
            return name
        if form == "as":
            alias = "My" + name
            self.imports.append("from %s import (%s as %s)" % (module, name, alias))
            return alias
        alias = "m%d" % len(self.imports)
        self.imports.append("import %s as %s" % (module, alias))
        return "%s.%s" % (alias, name)

    def comment(self):
        return self.pick("", "", "  # a comment", "  # 2 / 3, keras.layers")

    def line(self, text):
        self.lines.append(text + self.comment())

    def call(self, function, *arguments):
        """A call on one line, or on several with comments between."""
        if self.rng.random() < 0.7 or not arguments:
            return "%s(%s)" % (function, ", ".join(arguments))
        lines = [each + ",  # %s" % self.pick("so", "why", "old") for each in arguments[:-1]]
        return "%s(\n    %s)" % (function, "\n    ".join(lines + [arguments[-1]]))

    def printed(self, *values):
        text = ", ".join(values)
        self.lines.append("print %s" % text if self.python_2 else "print(%s)" % text)

    def text(self):
        head = self.pick("", "# -*- coding: utf-8 -*-\n", '"""A program."""\n')
        if not self.python_2:
            head += self.pick("", "from __future__ import print_function\n")
        self.rng.shuffle(self.imports)
        imports = list(dict.fromkeys(self.imports))
        return head + "\n".join(["import numpy as np"] + imports + [""] + self.lines) + "\n"


def program(seed):
    """The text of the program of a seed."""
    writer = Writer(seed)
    writer.pick(_stack, _stack, _branches, _graph, _graph, _mixed)(writer)
    _arithmetic(writer)
    return writer.text()


# ---- Keras --------------------------------------------------------------------------------------


def in_two(text, name):
    """The program as a module ``name`` with its imports, and a script that has them from there."""
    before, first, rest = text.partition("import numpy as np\n")
    imports, rest = (first + rest).split("\n\n", 1)
    names = [
        alias.asname or alias.name
        for statement in ast.parse(imports).body
        for alias in statement.names
    ]
    wanted = ", ".join(names) if len(text) % 2 else "*"
    return imports + "\n", "%sfrom %s import %s\n\n%s" % (before, name, wanted, rest)


def _layer(writer, name, *modules):
    old = ["keras.layers." + module for module in modules]
    return writer.importing("keras.layers", name, old)


def _option(writer, *choices):
    """One of the choices, or none."""
    return [choice for choice in [writer.pick("", *choices)] if choice]


def _dense(writer, *others):
    units = writer.pick("3", "output_dim=2", "units=3", "4 // 2")
    init = _option(writer, "init='uniform'", "init='glorot_uniform'", "kernel_initializer='normal'")
    more = _option(writer, "bias=False", "use_bias=True", "activation='tanh'", "b_constraint=None")
    return writer.call(_layer(writer, "Dense", "core"), units, *init, *more, *others)


def _thin(writer):
    """A layer that changes no shape."""
    kind = writer.pick("Activation", "Dropout", "BatchNormalization", "GaussianNoise")
    arguments = {
        "Activation": ["'%s'" % writer.pick("relu", "tanh", "softplus")],
        "Dropout": [writer.pick("0.5", "p=0.25", "rate=0.5")],
        "BatchNormalization": _option(writer, "mode=0", "beta_init='zero'", "gamma_init='one'"),
        "GaussianNoise": [writer.pick("sigma=0.1", "0.1", "stddev=0.2")],
    }[kind]
    module = {"BatchNormalization": "normalization", "GaussianNoise": "noise"}.get(kind, "core")
    return writer.call(_layer(writer, kind, module), *arguments)


def _flat(writer):
    shape = writer.pick("input_shape=(3,)", "input_dim=3", "batch_input_shape=(None, 3)")
    return [_dense(writer, shape), _thin(writer), _dense(writer)], "(2, 3)"


def _pictures(writer):
    name, sizes = writer.pick(
        ("Convolution2D", ["2, 3, 3"]),
        ("Convolution2D", ["2", "nb_row=3", "nb_col=2"]),
        ("Convolution2D", ["nb_filter=2", "nb_row=k", "nb_col=k"]),
        ("Conv2D", ["2", "(3, 3)"]),
        ("SeparableConvolution2D", ["2", "3", "3"]),
    )
    # Separate sizes go with the words of Keras 1 only.
    padding = "padding='valid'" if name == "Conv2D" else "border_mode='valid'"
    words = _option(writer, "border_mode='same'", padding, "subsample=(1, 1)")
    words += _option(writer, "dim_ordering='tf'", "activation='relu'", "init='he_normal'")
    first = writer.call(
        _layer(writer, name, "convolutional"), *sizes, *words, "input_shape=(6, 6, 1)"
    )
    pooling = writer.call(
        _layer(writer, writer.pick("MaxPooling2D", "AveragePooling2D"), "pooling", "convolutional"),
        *_option(writer, "(2, 2)", "pool_size=(2, 2)", "dim_ordering='tf'", "border_mode='same'"),
    )
    flatten = _layer(writer, "Flatten", "core") + "()"
    return [first, pooling, _thin(writer), flatten, _dense(writer)], "(2, 6, 6, 1)"


def _steps(writer):
    shape = writer.pick(["input_dim=3", "input_length=4"], ["input_shape=(4, 3)"], ["input_dim=3"])
    kind = writer.pick("SimpleRNN", "GRU", "Convolution1D", "TimeDistributedDense")
    if kind == "Convolution1D":
        words = ["nb_filter=2", "filter_length=2"] + _option(writer, "border_mode='same'")
        first = writer.call(_layer(writer, kind, "convolutional"), *words, *shape)
    elif kind == "TimeDistributedDense":
        first = writer.call(_layer(writer, kind, "core"), "2", "name='steps'", *shape)
    else:
        words = _option(writer, "inner_init='orthogonal'", "dropout_W=0.1", "consume_less='gpu'")
        words += ["return_sequences=True"]
        units = writer.pick("2", "output_dim=2")
        first = writer.call(_layer(writer, kind, "recurrent"), units, *words, *shape)
    return [first, writer.call(_layer(writer, "GlobalMaxPooling1D", "pooling"))], "(2, 4, 3)"


def _stack(writer):
    """A Sequential of old layers."""
    sequential = writer.importing("keras.models", "Sequential")
    layers, shape = writer.pick(_flat, _flat, _pictures, _steps)(writer)
    writer.line("k = 3")
    writer.line("model = %s()" % sequential)
    for layer in layers:
        writer.line("model.add(%s)" % layer)
    if writer.rng.random() < 0.15:
        _training(writer, shape)
    _predictions(writer, "model", "np.linspace(-1, 1, %s).reshape(%s)" % (_size(shape), shape))


def _size(shape):
    return " * ".join(shape.strip("()").split(", "))


def _training(writer, shape):
    writer.line("model.compile(%s)" % writer.pick("'sgd', 'mse'", "loss='mae', optimizer='sgd'"))
    rows = "np.linspace(0, 1, %s).reshape(%s)" % (_size(shape), shape)
    writer.line("rows = " + rows)
    writer.line("goals = np.zeros((2,) + model.output_shape[1:])")
    word = writer.pick("nb_epoch", "epochs") if not writer.python_2 else "nb_epoch"
    writer.line("model.fit(rows, goals, %s=1, verbose=0)" % word)


def _predictions(writer, model, inputs):
    writer.line(
        "%s.set_weights([np.linspace(-.5, .5, w.size).reshape(w.shape) for w in %s.get_weights()])"
        % (model, model)
    )
    writer.printed("[layer.name for layer in %s.layers]" % model)
    writer.printed("%s.output_shape" % model, "len(%s.weights)" % model)
    writer.printed("['%%.4f' %% v for v in %s.predict(%s).ravel()]" % (model, inputs))


def _branches(writer):
    """Two branches that are merged in one of the ways of Keras 1."""
    made = writer.importing("keras.layers", "Input", ["keras.engine", "keras.engine.topology"])
    model = writer.importing("keras.models", "Model", ["keras.engine"])
    for name in ("a", "b"):
        writer.line("%s = %s(%s)" % (name, made, writer.pick("(3,)", "shape=(3,)")))
        writer.line(
            "%s_out = %s(%s)"
            % (name, writer.call(_layer(writer, "Dense", "core"), "2", "init='uniform'"), name)
        )
    _merged(writer)
    words = writer.pick("input=[a, b], output=merged", "input=[a, b], output=[merged]")
    writer.line("model = %s(%s)" % (model, words))
    inputs = "np.linspace(-1, 1, 6).reshape(2, 3)"
    _predictions(writer, "model", "[%s, %s]" % (inputs, inputs))


def _merged(writer):
    mode = writer.pick("sum", "mul", "ave", "max", "concat", "dot")
    words = {"concat": ["concat_axis=%s" % writer.pick("1", "-1")], "dot": ["dot_axes=1"]}
    words = words.get(mode, []) + _option(writer, "name='both'")
    if writer.rng.random() < 0.6:
        function = writer.importing("keras.layers", "merge", ["keras.engine", "keras.layers.core"])
        given = writer.pick("mode='%s'", "mode='%s'") % mode
        call = writer.call(function, "[a_out, b_out]", given, *words)
    else:
        layer = writer.importing("keras.layers", "Merge", ["keras.engine.topology"])
        call = "%s([a_out, b_out])" % writer.call(layer, "mode='%s'" % mode, *words)
    writer.line("merged = " + call)


# ---- TensorFlow ---------------------------------------------------------------------------------


def _tensorflow(writer):
    form = writer.pick(
        "import tensorflow as tf", "import tensorflow as tf, os", "import tensorflow"
    )
    writer.imports.append(form)
    return "tensorflow" if form.endswith("tensorflow") else "tf"


def _operation(writer, tf):
    two = writer.pick("{tf}.mul(x, y)", "{tf}.sub(x, y)", "{tf}.multiply(x, 2.0)", "x + y")
    operations = [
        "{tf}.concat(%s, [x, y])" % writer.pick("0", "1"),
        "{tf}.concat([x, y], %s)" % writer.pick("0", "axis=1"),
        "{tf}.split(1, 3, x)[1]",
        "{tf}.pack([x, y])",
        "{tf}.unpack(x)[0]",
        "{tf}.neg(%s)" % two,
        "{tf}.reduce_sum(%s, reduction_indices=[1])" % two,
        "{tf}.reduce_mean(%s, 0, keep_dims=True)" % two,
        "{tf}.expand_dims(x, dim=0)",
        "{tf}.argmax(x, dimension=1)",
        "{tf}.nn.relu(%s)" % two,
        "{tf}.select({tf}.greater(x, y), x, y)",
        "{tf}.batch_matmul(x, {tf}.transpose(y))",
        "{tf}.contrib.layers.flatten(x)",
        "{tf}.contrib.framework.nest.flatten([x, [y]])[1]",
        "{tf}.inv(x + 3.0)",
    ]
    return writer.pick(*operations).format(tf=tf)


def _session(writer, tf, fetches):
    init = writer.pick("initialize_all_variables", "global_variables_initializer")
    writer.line("with %s.Session() as sess:" % tf)
    writer.lines.append("    sess.run(%s.%s())" % (tf, init))
    writer.lines.append("    values = sess.run([%s])" % ", ".join(fetches))
    writer.lines.append("for value in values:")
    shown = "value.shape, ['%.4f' % v for v in np.ravel(value)]"
    writer.lines.append("    print %s" % shown if writer.python_2 else "    print(%s)" % shown)


def _graph(writer):
    """Operations of TensorFlow 0.x on two constants."""
    tf = _tensorflow(writer)
    for name in ("x", "y"):
        first = writer.pick("-1.0", "0.5")
        values = "np.linspace(%s, 2.0, 6).reshape(2, 3).astype('float32')" % first
        kind = writer.pick("constant", "Variable", "convert_to_tensor")
        writer.line("%s = %s.%s(%s)" % (name, tf, kind, values))
    count = writer.pick(1, 2, 3)
    for number in range(count):
        writer.line("result_%d = %s" % (number, _operation(writer, tf)))
    writer.printed(
        "[v.name for v in %s.%s()]" % (tf, writer.pick("all_variables", "trainable_variables"))
    )
    _session(writer, tf, ["result_%d" % number for number in range(count)])


def _mixed(writer):
    """Layers of Keras, tf.layers and contrib on a placeholder."""
    tf = _tensorflow(writer)
    writer.line("x = %s.placeholder_with_default(np.ones((2, 3), 'float32'), [None, 3])" % tf)
    ones = "%s.%s()" % (tf, writer.pick("ones_initializer", "zeros_initializer"))
    layers = [
        "%s.layers.dense(x, 2, kernel_initializer=%s)" % (tf, ones),
        "%s.contrib.layers.fully_connected(x, 2, weights_initializer=%s)" % (tf, ones),
        "%s(2, init='one')(x)" % _layer(writer, "Dense", "core"),
        "%s.keras.layers.Dense(2, kernel_initializer='ones')(x)" % tf,
    ]
    for _ in range(writer.pick(1, 2)):
        writer.line("x = " + writer.pick(*layers))
    writer.printed("[v.name for v in %s.trainable_variables()]" % tf)
    _session(writer, tf, ["x"])


# ---- Python -------------------------------------------------------------------------------------


def _arithmetic(writer):
    """Divisions and names that Python 2 has otherwise."""
    if not writer.python_2:
        writer.printed(writer.pick("7 / 2", "7 // 2", "len('ab') / 4."))
        return
    writer.line("n = %s" % writer.pick("7", "7.0", "len('seven')", "np.float32(3)", "-7"))
    choices = [
        "n / 2", "(n + 1) / 2 * 1.", "n / 2.0", "n / (n / 2)", "round(n / 2, 1)",
        "[i / 2 for i in xrange(3)]", "map(str, range(2))", "filter(None, [0, n])",
        "zip('ab', range(2))", "{'a': n}.has_key('a')", "sorted({'a': 1}.iteritems())",
        "u'é'.encode('utf-8')", "cmp(n, 3)", "isinstance('a', basestring)", "`n`",
        "reduce(lambda a, b: a / b, [9, 2])", "long(n), unicode('a')", "dict(a=n).keys()",
        "sorted([3, 1], cmp=lambda a, b: cmp(b, a))", "0777 / 2", "n <> 3",
    ]  # fmt: skip
    for _ in range(writer.pick(1, 2, 3)):
        writer.printed(*writer.rng.sample(choices, 2))
    if writer.rng.random() < 0.3:
        writer.line("n /= 2")
        writer.printed("n")
    if writer.rng.random() < 0.3:
        writer.line("try:")
        writer.lines += ["    raise ValueError, 'no'", "except ValueError, e:", "    print e"]
