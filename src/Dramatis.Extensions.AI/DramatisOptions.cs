using Dramatis.Tensors;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Extensions.AI;

/// <summary>How the generator of <c>AddDramatis</c> paints; may be bound to a section of the configuration.</summary>
public sealed class DramatisOptions
{
    /// <summary>
    /// A folder in the layout of diffusers, a single-file checkpoint, or a name of <see cref="Catalog"/>; null: <c>models/toybox</c> beside the program,
    /// where the package Dramatis.Toybox puts it.
    /// </summary>
    public string? Model { get; set; }

    /// <summary>What names of models mean, in <see cref="Model"/> and in requests; null: requests name none.</summary>
    public ModelCatalog? Catalog { get; set; }

    /// <summary><c>cpu</c>, <c>cuda</c>, or <c>cuda:</c> and a number.</summary>
    public string Device { get; set; } = "cpu";

    /// <summary>What is computed in.</summary>
    public Precision Precision { get; set; }

    /// <summary>How weights lie in memory.</summary>
    public WeightStorage Storage { get; set; }

    /// <summary>After so many steps each there is a <see cref="Requests.Preview"/>; 0 for none.</summary>
    public int PreviewEvery { get; set; }

    /// <summary>
    /// The folder whose files <c>AdditionalProperties</c> may name; null: pictures lie inside them, as data URIs. Code that changes the request itself is not
    /// confined.
    /// </summary>
    public string? Folder { get; set; }

    internal string ModelOrToybox => Model ?? Path.Combine(AppContext.BaseDirectory, "models", "toybox");
}
