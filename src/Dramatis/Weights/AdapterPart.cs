using Dramatis.Checkpoints;
using Dramatis.Checkpoints.Kinds;
using Dramatis.Configs;
using Dramatis.Errors;

namespace Dramatis.Weights;

/// <summary>A method's weights: a folder, or a published file as it is. What weights do not say, settings beside them may.</summary>
/// <param name="Path">The folder, or the file.</param>
internal sealed record AdapterPart(string Path)
{
    private const string Owner = "method";

    /// <summary>Where an image encoder of its own lies, as the folders of published adapters have one.</summary>
    public string EncoderPath => System.IO.Path.Combine(FolderPath, ModelNetwork.ImageEncoder.Name());

    /// <summary>Where a multimodal language model of its own lies.</summary>
    public string LanguageModelPath => System.IO.Path.Combine(FolderPath, ModelNetwork.LanguageModel.Name());

    private string FolderPath => IsFile ? System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))! : Path;

    private bool IsFile => File.Exists(Path);

    /// <summary>The weights, in whichever layout they are.</summary>
    /// <exception cref="ModelNotFoundException">There are none.</exception>
    /// <exception cref="InvalidCheckpointException">They are damaged.</exception>
    public TensorArchive OpenWeights() => IsFile ? TensorArchive.Open(Path) : ModelPart.OpenWeights(Path);

    /// <summary>The settings of a folder; of a file those under its name, or those beside it that are a method's. Null where there are none.</summary>
    /// <exception cref="InvalidConfigException">They are malformed.</exception>
    public ConfigReader? Settings()
    {
        var common = System.IO.Path.Combine(FolderPath, ModelPart.ConfigName);
        if (!IsFile)
        {
            return File.Exists(common) ? ConfigReader.Load(common) : null;
        }

        var own = System.IO.Path.ChangeExtension(Path, ".json");
        return File.Exists(own) ? ConfigReader.Load(own)
            : File.Exists(common) && ConfigReader.Load(common) is var beside && beside.Has(Owner) ? beside
            : null;
    }

    /// <summary>The method that reads it.</summary>
    /// <exception cref="ModelNotFoundException">There is nothing.</exception>
    /// <exception cref="InvalidCheckpointException">It is damaged, or no adapter of a method.</exception>
    public string Method()
    {
        if (!System.IO.Path.Exists(Path))
        {
            throw new ModelNotFoundException(Path, FileProblem.NotThere(Path, "there is no such folder or file; give the file of an adapter."));
        }

        using var weights = OpenWeights();
        return CheckpointKind.Of(weights) switch
        {
            { Method: { } method } => method,
            { Type: CheckpointType.Lora or CheckpointType.CustomDiffusion or CheckpointType.ConceptNeurons or CheckpointType.LearnedWord } learned =>
                throw new InvalidCheckpointException(Path, $"is {learned.Name}, and no adapter of a method; give it as a LoRA (--lora)."),
            { Type: CheckpointType.ControlNet or CheckpointType.OriginalControlNet } =>
                throw new InvalidCheckpointException(Path, "is a ControlNet, and no adapter of a method; give it as a control (--control)."),
            var other => throw new InvalidCheckpointException(
                Path, $"is no adapter of a method{(other is null ? "" : $", but {other.Name}")}; 'dramatis inspect' says what is in it."),
        };
    }
}
