using System.Text.RegularExpressions;
using Dramatis.Checkpoints;
using Microsoft.ML.OnnxRuntime;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>Why ONNX Runtime cannot use a model, in words that say what to do: its own tell of its source files.</summary>
internal static partial class OnnxProblem
{
    private const string Again = "Export it again, or download it again.";
    private const string Older = "Export it for operator set 17, which exporters have known for years, or an older one.";

    /// <param name="error">What opening it threw.</param>
    public static string OfFile(string path, OnnxRuntimeException error)
    {
        using var file = File.OpenRead(path);
        return CheckpointFormats.Advice(CheckpointFormats.Start(file)) is { } advice ? $"it {advice}."
            : Part().IsMatch(error.Message) ? $"it keeps its weights in a file of their own, which is not beside it. Copy that too, under the name it had."
            : CodeOf(error) switch
            {
                "InvalidProtobuf" => $"it is damaged, or of another kind. {Again}",
                "NotImplemented" => $"it has an operation that the runtime has not. {Older}",
                _ when Newer().IsMatch(error.Message) => $"it is of a newer version of ONNX than the runtime knows. {Older}",
                "InvalidGraph" => $"its operations do not fit together. {Again}",
                _ => $"the runtime refuses it. {Again}",
            };
    }

    /// <param name="error">What running it threw.</param>
    public static string OfRun(OnnxRuntimeException error) =>
        $"failed when it was run{(Operation().Match(error.Message) is { Success: true } node ? $", at '{node.Groups[1].Value}'" : "")}. "
            + "Do the sizes beside the model fit how it was exported?";

    private static string CodeOf(OnnxRuntimeException error) => Code().Match(error.Message).Groups[1].Value;

    [GeneratedRegex(@"\[ErrorCode:(\w+)\]")]
    private static partial Regex Code();

    [GeneratedRegex("opset|IR version|ir_version", RegexOptions.IgnoreCase)]
    private static partial Regex Newer();

    [GeneratedRegex("external data|no such file", RegexOptions.IgnoreCase)]
    private static partial Regex Part();

    [GeneratedRegex("Name: ?'([^']+)'")]
    private static partial Regex Operation();
}
