using System.CommandLine;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>--weights</c>: what weights are held in, of every command that loads a model once and uses it for long.</summary>
internal static class StorageOption
{
    private const string Single = "single";
    private const string AsStored = "as-stored";

    public static Option<string> Create()
    {
        var option = new Option<string>("--weights")
        {
            Description = "What weights are held in: single, or as-stored, which takes half the memory where a file has them in half precision; results are "
                + "the same.",
            DefaultValueFactory = _ => Single,
        };
        option.AcceptOnlyFromAmong(Single, AsStored);
        return option;
    }

    public static WeightStorage Read(string text) => text == AsStored ? WeightStorage.AsStored : WeightStorage.Widened;
}
