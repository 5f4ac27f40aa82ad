using System.Text;
using System.Text.Json;
using Dramatis.Checkpoints;
using Dramatis.Configs;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Schedules;
using Dramatis.Tokenizers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Dramatis.Weights;

/// <summary>Writes a model folder part by part. The index comes last: a folder without it is not taken for a model.</summary>
/// <remarks>Each file is written whole or not at all, and replaces an older one of its name.</remarks>
/// <param name="folder">Made when it does not exist.</param>
/// <param name="type">How floating-point weights are stored.</param>
internal sealed class ModelWriter(string folder, TensorType type = TensorType.F16)
{
    private const string AdapterWeights = "adapter.safetensors";

    /// <summary>A network: its settings and its weights under the names that the layout has for them.</summary>
    /// <param name="config">The text of <c>config.json</c>.</param>
    /// <param name="metadata">Free text for the header of the weights.</param>
    /// <exception cref="OutputNotWrittenException">The folder is read-only, or the disk is full.</exception>
    public void Network(ModelNetwork kind, string config, Module network, IReadOnlyDictionary<string, string>? metadata = null) =>
        Network(kind.Name(), kind.WeightsName(), config, network, metadata);

    /// <summary>The weights of a method.</summary>
    /// <exception cref="OutputNotWrittenException">The folder is read-only, or the disk is full.</exception>
    public void Adapter(string method, string config, Module network) =>
        Network(ModelFolder.AdapterName(method), AdapterWeights, config, network, metadata: null);

    /// <summary>Some weights of a method, by the names of its checkpoint.</summary>
    /// <exception cref="OutputNotWrittenException">The folder is read-only, or the disk is full.</exception>
    public void Adapter(string method, string config, IReadOnlyDictionary<string, Tensor> weights)
    {
        Text(ModelFolder.AdapterName(method), ModelPart.ConfigName, config);
        Checkpoint.Save(weights, Path.Combine(folder, ModelFolder.AdapterName(method), AdapterWeights), type);
    }

    /// <summary>How the noise of the model is scheduled.</summary>
    public void Scheduler(SchedulerConfig scheduler) => Text(ModelFolder.SchedulerName, ModelFolder.SchedulerFile, scheduler.ToJson());

    /// <summary>A text file of a part, for example of the tokenizer.</summary>
    public void Text(string part, string name, string text)
    {
        var target = Path.Combine(folder, part);
        try
        {
            Directory.CreateDirectory(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputNotWrittenException(target, e);
        }

        AtomicFile.Write(Path.Combine(target, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>A tokenizer in the layout of transformers.</summary>
    /// <param name="encoder">What reads its ids.</param>
    public void Tokenizer(ModelNetwork encoder, ClipTokenizer tokenizer)
    {
        var part = encoder.TokenizerName();
        Text(part, "vocab.json", tokenizer.Vocabulary.VocabularyText());
        Text(part, "merges.txt", tokenizer.Vocabulary.MergesText());
        Text(part, "tokenizer_config.json", ConfigWriter.Write(
            ("bos_token", BpeVocabulary.Start),
            ("eos_token", BpeVocabulary.End),
            ("model_max_length", tokenizer.Options.MaxLength),
            ("pad_token", tokenizer.Options.Padding),
            ("tokenizer_class", "CLIPTokenizer"),
            ("unk_token", BpeVocabulary.End)));
    }

    /// <summary>Ends the folder with its <c>model_index.json</c>.</summary>
    /// <param name="pipeline">The reference's class, for example <c>StableDiffusionPipeline</c>.</param>
    /// <param name="parts">Each part with its library and class.</param>
    public void Index(string pipeline, params IReadOnlyList<(string Part, string Library, string Class)> parts)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("_class_name", pipeline);
            foreach (var (part, library, name) in parts)
            {
                json.WriteStartArray(part);
                json.WriteStringValue(library);
                json.WriteStringValue(name);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        Text("", ModelFolder.IndexName, Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
    }

    private void Network(string part, string file, string config, Module network, IReadOnlyDictionary<string, string>? metadata)
    {
        Text(part, ModelPart.ConfigName, config);
        Checkpoint.Save(network, Path.Combine(folder, part, file), type, metadata);
    }
}
