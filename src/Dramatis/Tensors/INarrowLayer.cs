using TorchSharp.Modules;

namespace Dramatis.Tensors;

/// <summary>A layer whose weight may be stored in fewer bits than it computes in: it is widened for each call, and that copy lives as long as the call.</summary>
internal interface INarrowLayer
{
    /// <summary>The checkpoint key of the weight, after that of the layer.</summary>
    const string WeightName = "weight";

    Parameter Weight { get; }
}
