"""Most graphs of the comparisons are run as they are built, to save time."""

import pytest

# These run as users have it: every kind of model and optimizer, and all functions.
OPTIMIZED = ("test_continued.py", "test_functions.py", "test_layers_side_by_side.py")


@pytest.fixture(autouse=True, scope="module")
def graphs_of_most_files_run_as_built(request):
    if request.path.name not in OPTIMIZED:
        request.getfixturevalue("graphs_run_as_built")
