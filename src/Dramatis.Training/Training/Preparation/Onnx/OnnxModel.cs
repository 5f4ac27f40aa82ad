using System.Security.Cryptography;
using Dramatis.Errors;
using Microsoft.ML.OnnxRuntime;

namespace Dramatis.Training.Preparation.Onnx;

/// <summary>A network in ONNX form that the user brings, run on the processor.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession session;

    private OnnxModel(string path, InferenceSession session)
    {
        Path = path;
        this.session = session;
    }

    public string Path { get; }

    public IReadOnlyList<string> Inputs => [.. session.InputMetadata.Keys];

    public IReadOnlyList<string> Outputs => [.. session.OutputMetadata.Keys];

    /// <exception cref="ModelNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidCheckpointException">It is no ONNX model, or one that cannot be run.</exception>
    public static OnnxModel Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelNotFoundException(path, "there is no such file; give a model that was exported to ONNX.");
        }

        try
        {
            using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            return new(path, new InferenceSession(path, options));
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidCheckpointException(path, $"is no ONNX model that can be run: {OnnxProblem.OfFile(path, e)}", e);
        }
    }

    /// <summary>Opens a model for what it is to do; it is closed again when it cannot do that.</summary>
    /// <param name="make">Takes it over.</param>
    /// <exception cref="DramatisException">It is missing or damaged, or it has other inputs or outputs.</exception>
    public static T OpenFor<T>(string path, Func<OnnxModel, T> make)
    {
        var model = Open(path);
        try
        {
            return make(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The sides of an input; -1 for any length.</summary>
    public IReadOnlyList<long> ShapeOf(string input) => [.. session.InputMetadata[input].Dimensions.Select(side => (long)side)];

    /// <summary>Stands for the file's bytes.</summary>
    public string Fingerprint()
    {
        using var file = File.OpenRead(Path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Runs the network.</summary>
    /// <param name="inputs">All of its inputs.</param>
    /// <param name="outputs">Those that are wanted.</param>
    /// <exception cref="InvalidCheckpointException">It takes other shapes or types, or fails.</exception>
    public IReadOnlyList<OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs, params IReadOnlyList<string> outputs)
    {
        var values = new Dictionary<string, OrtValue>();
        try
        {
            foreach (var (name, tensor) in inputs)
            {
                values.Add(name, Value(name, tensor));
            }

            using var run = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            using var results = session.Run(run, values, [.. outputs]);
            return [.. results.Select((result, i) => OnnxTensor.From(result)
                ?? throw new InvalidCheckpointException(Path, $"its output '{outputs[i]}' holds no numbers that can be read."))];
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidCheckpointException(Path, OnnxProblem.OfRun(e), e);
        }
        finally
        {
            foreach (var value in values.Values)
            {
                value.Dispose();
            }
        }
    }

    public void Dispose() => session.Dispose();

    private OrtValue Value(string name, OnnxTensor tensor)
    {
        var wanted = ShapeOf(name);
        if (wanted.Count != tensor.Shape.Length || wanted.Zip(tensor.Shape).Any(pair => pair.First >= 0 && pair.First != pair.Second))
        {
            throw new InvalidCheckpointException(
                Path, $"its input '{name}' takes {OnnxTensor.Text(wanted)} and would get {OnnxTensor.Text(tensor.Shape)}. Mend the sizes beside the model.");
        }

        var type = session.InputMetadata[name].ElementDataType;
        return tensor.To(type) ?? throw new InvalidCheckpointException(Path, $"its input '{name}' takes numbers of type {type}, which nothing here makes.");
    }
}
