using System.CommandLine;
using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Cli.Host;
using Dramatis.Errors;
using Dramatis.Weights;
using Dramatis.Weights.Catalog;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis inspect</c>: what is in files of weights, without loading them.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("FILE|FOLDER")
        {
            Description = "Files of weights (safetensors, an index of shards, or torch.save's .bin, .pt, .pth and .ckpt), folders with one, or model folders.",
            Arity = ArgumentArity.OneOrMore,
        };
        var summary = new Option<bool>("--summary") { Description = "Leave out the list of tensors." };
        var values = new Option<bool>("--values")
        {
            Description = "Read all values, and say which tensors hold some that are infinite or no number; takes as long as the file is large.",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object a path instead of text." };
        var command = new Command(
            "inspect",
            """
            Says what kind of checkpoint a file is, what it fits, what in it does not belong there, and which tensors it holds.
            Nothing in a file is ever executed.

            Example: dramatis inspect models/toybox/adapters/ip-adapter/adapter.safetensors --summary
            """)
        {
            paths, summary, values, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(paths), new(parsed.GetValue(summary), parsed.GetValue(values)), parsed.GetValue(json)));
        return command;
    }

    /// <summary>Opens a file of weights, an index of shards, or what a folder has of either.</summary>
    internal static TensorArchive Open(string path) => Directory.Exists(path) ? ModelPart.OpenWeights(path) : TensorArchive.Open(path);

    // A bad path among several does not hide the others.
    private static int Run(string[] paths, InspectDepth depth, bool json)
    {
        var code = 0;
        foreach (var path in paths)
        {
            try
            {
                Console.WriteLine(IsModel(path) ? OfModel(path, depth, json) : OfWeights(path, depth, json));
            }
            catch (DramatisException e)
            {
                Console.Error.WriteLine($"error: {TerminalText.OneLine(e.Message)}");
                code = ExitCode.Failed;
            }
        }

        return code;
    }

    private static bool IsModel(string path) => File.Exists(Path.Combine(path, ModelFolder.IndexName));

    private static string OfWeights(string path, InspectDepth depth, bool json)
    {
        using var archive = Open(path);
        return json ? JsonSerializer.Serialize(InspectReport.ToJson(archive, depth)) : InspectReport.ToText(archive, depth);
    }

    // The model first, then each of its parts and adapters.
    private static string OfModel(string path, InspectDepth depth, bool json)
    {
        var contents = ModelContents.Of(path);
        var files = ModelFolder.Open(path).WeightFiles.Select(TensorArchive.Open).ToList();
        try
        {
            return json
                ? JsonSerializer.Serialize(InspectReport.ToJson(path, contents, files.Select(file => InspectReport.ToJson(file, depth))))
                : string.Join(Environment.NewLine, files.Select(file => InspectReport.ToText(file, depth)).Prepend(InspectReport.ToText(path, contents)));
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }
}
