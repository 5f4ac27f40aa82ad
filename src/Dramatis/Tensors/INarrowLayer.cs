using TorchSharp.Modules;

namespace Dramatis.Tensors;

/// <summary>A layer whose weight may be stored in fewer bits than it computes in: each call widens it, into a copy that lives as long as the call.</summary>
internal interface INarrowLayer
{
    /// <summary>The checkpoint key of the weight, after that of the layer.</summary>
    const string WeightName = "weight";

    Parameter Weight { get; }
}
