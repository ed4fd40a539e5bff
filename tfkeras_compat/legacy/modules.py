"""Old module paths, and where their contents are now. Pure data.

Paths are relative to the root of the Keras tree: ``"layers.core"`` is ``keras.layers.core`` there
and ``tfkeras_compat.layers.core`` here. A target is a module (``"losses"``) or a name in one
(``"engine.input:Input"``). A path that exists here under its old name needs no entry.
"""

from tfkeras_compat.legacy import contrib, estimator, python_2, tensorflow

# Old module path -> the module that takes its place (the same module object under both names).
ALIASES = {
    "applications.mobilenetv2": "applications.mobilenet_v2",
    "backend.tensorflow_backend": "backend",
    "engine.input_layer": "engine.input",
    "engine.saving": "saving",
    "engine.sequential": "models",
    "initializations": "initializers",
    "layers.convolutional_recurrent": "layers.convolution_recurrent",
    "layers.embeddings": "layers.embedding",
    "objectives": "losses",
    "utils.np_utils": "utils.arrays",
    "utils.test_utils": "utils.testing",
    "utils.visualize_util": "utils.vis_utils",  # its name in Keras 1
}
ALIASES.update(python_2.MEANING_MODULES)

_LAYER = {
    "InputSpec": "engine.input_spec:InputSpec",
    "Layer": "engine.layer:Layer",
    "Node": "engine.node:Node",
}

_GRAPH_OF_LAYERS = dict(
    _LAYER,
    Container="engine.network:Network",  # its name in Keras 1
    Input="engine.input:Input",
    InputLayer="engine.input:InputLayer",
    Network="engine.network:Network",
    get_source_inputs="engine.input:sources_of",
)

_CUSTOM_OBJECTS = {
    "CustomObjectScope": "state.registry:CustomObjectScope",
    "custom_object_scope": "state.registry:custom_object_scope",
    "get_custom_objects": "state.registry:get_custom_objects",
    "deserialize_keras_object": "state.registry:deserialize",
    "serialize_keras_object": "state.registry:serialize",
}

_RESIZING = ("Cropping", "UpSampling", "ZeroPadding")
_CONVOLUTIONS = {
    name: "layers:" + name
    for name in (
        ["Conv%dD" % n for n in (1, 2, 3)]
        + ["Convolution%dD" % n for n in (1, 2, 3)]
        + ["Conv2DTranspose", "Conv3DTranspose", "Convolution2DTranspose"]
        + ["Deconvolution2D", "Deconvolution3D", "DepthwiseConv2D"]
        + ["SeparableConv%s" % rest for rest in ("1D", "2D", "olution1D", "olution2D")]
        + ["AtrousConvolution1D", "AtrousConvolution2D"]
        + ["%sPooling%dD" % (kind, n) for kind in ("Average", "Max") for n in (1, 2, 3)]
        + ["%s%dD" % (kind, n) for kind in _RESIZING for n in (1, 2, 3)]
    )
}
_CONVOLUTIONS.update(
    AtrousConv1D="layers:AtrousConvolution1D",
    AtrousConv2D="layers:AtrousConvolution2D",
    Deconv2D="layers:Deconvolution2D",
    Deconv3D="layers:Deconvolution3D",
)

_KERAS_1_LAYERS = {
    name: "layers:" + name
    for name in (
        "AtrousConvolution1D",
        "AtrousConvolution2D",
        "ConvRecurrent2D",
        "Highway",
        "MaxoutDense",
        "Recurrent",
    )
}
_MERGE = {"Merge": "layers.merge_by_mode:Merge", "merge": "layers.merge_by_mode:merge"}

_TRAINING = {
    "batch_shuffle": "training.loops:batch_shuffle",
    "check_array_length_consistency": "training.data:check_array_length_consistency",
    "check_generator_arguments": "training.arguments:check_generator_arguments",
    "check_loss_and_target_compatibility": "training.data:check_loss_and_target_compatibility",
    "collect_metrics": "training.compilation:collect_metrics",
    "is_generator_or_sequence": "training.enqueue:is_generator_or_sequence",
    "is_sequence": "training.enqueue:is_sequence",
    "iter_sequence_infinite": "training.enqueue:iter_sequence_infinite",
    "make_batches": "training.loops:make_batches",
    "should_run_validation": "training.loops:should_run_validation",
    "standardize_input_data": "training.data:standardize_input_data",
    "standardize_sample_or_class_weights": "training.data:weights_by_output",
    "standardize_weights": "training.data:standardize_weights",
    "weighted_masked_objective": "training.compilation:weighted_masked_objective",
}

_TRAINING_LOOPS = {
    name: "training.loops:" + name
    for name in ("batch_shuffle", "make_batches", "should_run_validation", "slice_arrays")
}

# As Keras 1 and 2.0 called them, when all of them stood in `engine.training`.
_PRIVATE_TRAINING = {"_" + name: place for name, place in _TRAINING.items()}
_PRIVATE_TRAINING.update(
    _slice_arrays="training.loops:slice_arrays",
    slice_X="training.loops:slice_arrays",
)

# Package or module path -> names it offers beside what it defines itself, and their places.
# A path that is no module here becomes one, with just these names.
NAMES = {
    "": {
        "Input": "engine.input:Input",
        "Model": "models:Model",
        "Sequential": "models:Sequential",
        "activations": "activations",
        "applications": "applications",
        "backend": "backend",
        "callbacks": "callbacks",
        "constraints": "constraints",
        "datasets": "datasets",
        "engine": "engine",
        "estimator": "estimator",
        "generation": "state.generation:generation",
        "initializers": "initializers",
        "install": "dropin.install:install",
        "layers": "layers",
        "losses": "losses",
        "metrics": "metrics",
        "models": "models",
        "optimizers": "optimizers",
        "preprocessing": "preprocessing",
        "regularizers": "regularizers",
        "serving": "serving",
        "uninstall": "dropin.install:uninstall",
        "utils": "utils",
        "wrappers": "wrappers",
    },
    "backend.common": {
        name: "backend:" + name
        for name in (
            ["cast_to_floatx", "image_dim_ordering", "normalize_data_format"]
            + ["epsilon", "floatx", "image_data_format"]
            + ["set_epsilon", "set_floatx", "set_image_data_format", "set_image_dim_ordering"]
        )
    },
    "engine": dict(
        _GRAPH_OF_LAYERS,
        Model="models:Model",
        **_MERGE,
        slice_X="training.loops:slice_arrays",
    ),
    "engine.base_layer": _LAYER,
    "engine.network": {"get_source_inputs": "engine.input:sources_of"},
    "engine.topology": dict(_GRAPH_OF_LAYERS, **_MERGE),
    "engine.training": dict(
        _TRAINING,
        Layer="engine.layer:Layer",
        Model="models:Model",
        Network="engine.network:Network",
        **_PRIVATE_TRAINING,
    ),
    "engine.training_arrays": dict(_TRAINING_LOOPS, Progbar="callbacks.progress:Progbar"),
    "engine.training_generator": {
        "GeneratorEnqueuer": "training.enqueue:GeneratorEnqueuer",
        "OrderedEnqueuer": "training.enqueue:OrderedEnqueuer",
        "Progbar": "callbacks.progress:Progbar",
        "Sequence": "training.enqueue:Sequence",
        "is_sequence": "training.enqueue:is_sequence",
        "iter_sequence_infinite": "training.enqueue:iter_sequence_infinite",
    },
    "engine.training_utils": dict(_TRAINING, Sequence="training.enqueue:Sequence"),
    "layers": {
        "Deconv2D": "layers:Deconvolution2D",
        "Deconv3D": "layers:Deconvolution3D",
        "_Conv": "layers.convolution:_Conv",
        "_Merge": "layers.merge:_Merge",
        "concat": "layers.merge:concatenate",  # as the announcement of tf.keras calls it
        "deserialize_keras_object": "state.registry:deserialize",
    },
    "layers.convolution_recurrent": {
        "ConvRecurrent2D": "layers:ConvRecurrent2D",
        "Recurrent": "layers:Recurrent",
    },
    "layers.convolutional": dict(_CONVOLUTIONS, **_LAYER),
    "layers.advanced_activations": {
        "ParametricSoftplus": "layers.curves:ParametricSoftplus",
        "SReLU": "layers.curves:SReLU",
    },
    "layers.core": dict(
        {
            "Highway": "layers:Highway",
            "Lambda": "layers.function:Lambda",
            "MaxoutDense": "layers:MaxoutDense",
            "TimeDistributedDense": "layers:TimeDistributedDense",
        },
        **_MERGE,
    ),
    "layers.cudnn_recurrent": {"InputSpec": "engine.input_spec:InputSpec"},
    "layers.recurrent": {"Recurrent": "layers:Recurrent"},
    "legacy.layers": dict(_KERAS_1_LAYERS, **_LAYER),
    "serving": {
        "Conversion": "serving.conversion.converted:Conversion",
        "Inference": "serving.inference:Inference",
        "Report": "serving.keras_3.report:Report",
        "convert": "serving.conversion.converted:convert",
        "export_saved_model": "serving.export:export_saved_model",
        "for_inference": "serving.inference:for_inference",
        "frozen_graph": "serving.frozen:frozen_graph",
        "tf_lite_model": "serving.frozen:tf_lite_model",
        "to_keras3": "serving.keras_3.archive:to_keras3",
    },
    "utils": dict(
        _CUSTOM_OBJECTS,
        H5Dict="utils.hdf5:H5Dict",
        convert_all_kernels_in_model="utils.kernels:convert_all_kernels_in_model",
        get_source_inputs="engine.input:sources_of",
        model_to_dot="utils.diagrams:model_to_dot",
        multi_gpu_model="utils.replicas:multi_gpu_model",
        plot_model="utils.diagrams:plot_model",
        print_summary="engine.summary:print_summary",
    ),
    "utils.generic_utils": dict(
        _CUSTOM_OBJECTS,
        Progbar="callbacks.progress:Progbar",
        func_dump="state.bytecode:dump_function",
        func_load="state.bytecode:load_function",
        getargspec="state.structures:getargspec",
        has_arg="state.structures:has_arg",
        is_all_none="state.structures:is_all_none",
        object_list_uid="state.structures:object_list_uid",
        slice_arrays="training.loops:slice_arrays",
        to_list="state.structures:to_list",
        transpose_shape="layers.windows:transpose_shape",
        unpack_singleton="state.structures:unpack_singleton",
    ),
    "utils.data_utils": {
        "GeneratorEnqueuer": "training.enqueue:GeneratorEnqueuer",
        "OrderedEnqueuer": "training.enqueue:OrderedEnqueuer",
        "Sequence": "training.enqueue:Sequence",
        "SequenceEnqueuer": "training.enqueue:SequenceEnqueuer",
        "_extract_archive": "utils.files:extract_archive",
        "_hash_file": "utils.files:_hash_file",
        "Progbar": "callbacks.progress:Progbar",
        "get_file": "utils.files:get_file",
        "validate_file": "utils.files:validate_file",
    },
    "tensorflow.compat": {"v1": "tensorflow"},
    "utils.io_utils": {
        "HDF5_OBJECT_HEADER_LIMIT": "saving.hdf5:_ATTRIBUTE_LIMIT",
        "H5Dict": "utils.hdf5:H5Dict",
        "HDF5Matrix": "utils.matrices:HDF5Matrix",
        "ask_to_proceed_with_overwrite": "saving.places:ask_to_proceed_with_overwrite",
        "h5dict": "utils.hdf5:H5Dict",
        "load_from_binary_h5py": "utils.hdf5:load_from_binary_h5py",
        "save_to_binary_h5py": "utils.hdf5:save_to_binary_h5py",
    },
    "utils.layer_utils": {
        "convert_all_kernels_in_model": "utils.kernels:convert_all_kernels_in_model",
        "convert_dense_weights_data_format": "utils.kernels:convert_dense_weights_data_format",
        "convert_kernel": "utils.arrays:convert_kernel",
        "count_params": "engine.summary:count_params",
        "get_source_inputs": "engine.input:sources_of",
        "print_summary": "engine.summary:print_summary",
    },
    "utils.multi_gpu_utils": {
        "Lambda": "layers:Lambda",
        "Model": "models:Model",
        "_get_available_devices": "utils.replicas:_get_available_devices",
        "_normalize_device_name": "utils.replicas:_normalize_device_name",
        "multi_gpu_model": "utils.replicas:multi_gpu_model",
    },
    "utils.vis_utils": {
        "Model": "models:Model",
        "Wrapper": "layers:Wrapper",
        "model_to_dot": "utils.diagrams:model_to_dot",
        "plot": "utils.diagrams:plot_model",  # its name in Keras 1
        "plot_model": "utils.diagrams:plot_model",
    },
    "utils.conv_utils": {
        "conv_input_length": "layers.windows:conv_input_length",
        "conv_output_length": "layers.windows:conv_output_length",
        "convert_kernel": "utils.arrays:convert_kernel",
        "deconv_length": "layers.windows:deconv_length",
        "normalize_data_format": "state.config:normalize_data_format",
        "normalize_padding": "layers.windows:normalize_padding",
        "normalize_tuple": "layers.windows:normalize_tuple",
    },
}

NAMES["python_2"] = python_2.MEANINGS
NAMES.update(estimator.NAMES)
NAMES.update(contrib.NAMES)
NAMES.update(tensorflow.NAMES)

# The root of an import in legacy source -> ours. The longest root that fits counts.
ROOTS = {
    "keras": "tfkeras_compat",
    "tensorflow": "tfkeras_compat.tensorflow",
    "tensorflow.compat.v1": "tfkeras_compat.tensorflow",
    "tensorflow.compat.v1.keras": "tfkeras_compat",
    "tensorflow.contrib.keras": "tfkeras_compat",
    "tensorflow.contrib.keras.api.keras": "tfkeras_compat",
    "tensorflow.contrib.keras.python.keras": "tfkeras_compat",
    "tensorflow.keras": "tfkeras_compat",
    "tensorflow.python.keras": "tfkeras_compat",
    "tensorflow_serving.session_bundle": "tfkeras_compat.serving.session_bundle",
}
ROOTS.update(contrib.ROOTS)
ROOTS.update(tensorflow.ROOTS)
