using System.CommandLine;
using Dramatis.Weights;

namespace Dramatis.Cli.Commands;

/// <summary><c>--weights</c>: what weights are held in, of every command that loads a model once and uses it for long.</summary>
internal static class StorageOption
{
    private const string Single = "single";
    private const string AsStored = "as-stored";
    private const string Int8 = "int8";

    /// <param name="withInt8">Whether language models may be held in 8 bits, from which nothing can be trained.</param>
    public static Option<string> Create(bool withInt8 = false)
    {
        var option = new Option<string>("--weights")
        {
            Description = "What weights are held in: single, or as-stored, which takes half the memory where a file has them in half precision; results are "
                + $"the same{(withInt8 ? "; or int8: also EasyRef's language model in 8 bits, with results a little off" : "")}.",
            DefaultValueFactory = _ => Single,
        };
        option.AcceptOnlyFromAmong(withInt8 ? [Single, AsStored, Int8] : [Single, AsStored]);
        return option;
    }

    public static WeightStorage Read(string text) => text switch
    {
        AsStored => WeightStorage.AsStored,
        Int8 => WeightStorage.EightBit,
        _ => WeightStorage.Widened,
    };
}
