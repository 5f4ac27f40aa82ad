using Dramatis.Errors;
using Dramatis.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Dramatis.Verification.Checks;

/// <summary>Finds golden cases and runs them.</summary>
public static class GoldenRun
{
    /// <summary>All cases at or below a folder, by path.</summary>
    /// <exception cref="InvalidGoldenException">There is none.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidGoldenException(folder, "is no folder; give one that holds golden cases.");
        }

        IReadOnlyList<string> cases =
        [
            .. Directory.EnumerateFiles(folder, GoldenCase.FixtureName, SearchOption.AllDirectories)
                .Select(file => Path.GetDirectoryName(file)!)
                .Order(StringComparer.Ordinal),
        ];
        return cases.Count > 0
            ? cases
            : throw new InvalidGoldenException(folder, $"holds no {GoldenCase.FixtureName}; give a folder with golden cases.");
    }

    /// <summary>
    /// Computes on a device from now on, for the whole process. On a GPU without the shortened numbers that its products take for single precision.
    /// </summary>
    public static void UseDevice(Device device)
    {
        set_default_device(device);
        if (device.type == DeviceType.CUDA)
        {
            backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = false;
        }
    }

    /// <summary>Runs one case. An error of our code is a failure of the case, not of the run.</summary>
    /// <param name="root">The folder that the report's name is relative to.</param>
    public static GoldenReport Run(string folder, string root)
    {
        var name = Path.GetRelativePath(root, folder) is var relative and not "." ? relative : Path.GetFileName(Path.GetFullPath(folder));
        try
        {
            using var golden = GoldenCase.Open(folder);
            return Run(golden, name);
        }
        catch (InvalidGoldenException e)
        {
            return new(name, "?", GoldenOutcome.Failed, Reason: e.Message);
        }
    }

    private static GoldenReport Run(GoldenCase golden, string name)
    {
        if (GoldenChecks.For(golden.Component) is not { } check)
        {
            return new(name, golden.Component, GoldenOutcome.Skipped, Reason: "this component is not built yet");
        }

        try
        {
            using var held = FinalizerHold.Take();
            using var scope = NewDisposeScope();
            var result = check.Run(golden);
            var outcome = result.SkipReason is not null ? GoldenOutcome.Skipped
                : result.Passed ? GoldenOutcome.Passed
                : GoldenOutcome.Failed;
            return new(name, golden.Component, outcome, result, result.SkipReason);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var kind = e is DramatisException ? "" : $"{e.GetType().Name}: ";
            return new(name, golden.Component, GoldenOutcome.Failed, Reason: kind + e.Message);
        }
    }
}
