"""The three modes that a model function is called in."""


class ModeKeys:
    """Names of the modes: training, evaluation, prediction.

    >>> ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT
    ('train', 'eval', 'infer')
    """

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"
