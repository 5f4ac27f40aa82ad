using Dramatis.Checkpoints;
using Dramatis.Conditioning;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Tokenizers;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Methods.EasyRef;

/// <summary>EasyRef on a base model: a group of pictures, read together with the prompt, to tokens; tokens to a session.</summary>
internal sealed class EasyRefMethod : ILoadedMethod
{
    public const string Name = "easyref";

    public const MethodReads Reads = MethodReads.SeveralReferences | MethodReads.ReferenceMasks | MethodReads.Window | MethodReads.Place
        | MethodReads.PlaceMask | MethodReads.Instruction | MethodReads.Group;

    private readonly EasyRefNetwork network;
    private readonly EasyRefEncoder encoder;
    private readonly EasyRefConfig config;

    private EasyRefMethod(EasyRefNetwork network, QwenChat chat, EasyRefConfig config, WeightPatch? patch)
    {
        (this.network, this.config, Patch) = (network, config, patch);
        encoder = new(network, chat, config);
    }

    public WeightPatch? Patch { get; }

    /// <summary>Loads what the model's folder has: a checkpoint, perhaps <c>config.json</c>, and the language model.</summary>
    public static ILoadedMethod Load(BaseModel model)
    {
        var part = model.Folder.Adapter(Name);
        using var weights = part.OpenWeights();
        var config = part.Settings() is { } settings ? EasyRefConfig.Read(settings) : EasyRefConfig.Released;
        return Load(model, weights, model.Folder.LanguageModelFor(Name), config);
    }

    /// <summary>Loads a checkpoint for a language model's folder.</summary>
    public static EasyRefMethod Load(BaseModel model, TensorArchive weights, ModelPart language, EasyRefConfig config)
    {
        var chat = QwenChat.FromFolder(language.Folder);
        using var checkpoint = EasyRefNames.Open(weights, model.UNet.Sites);
        EasyRefFile.RefuseUnknown(checkpoint);
        var network = EasyRefFile.LoadNetwork(checkpoint, language, model.UNet, model.Folder.Loading);
        try
        {
            return new(network, chat, config, EasyRefFile.ReadPatch(checkpoint, model, config.UNet));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public ConditioningSession Open(MethodOrder order)
    {
        using var scope = NewDisposeScope();
        return new ImageTokenSession([.. order.Cast.Where(member => member.Subject.Strength > 0).Select(member => Show(member, order))]);
    }

    public void Dispose()
    {
        encoder.Dispose();
        network.Dispose();
        Patch?.Dispose();
    }

    private ImageTokens Show(CastMember member, MethodOrder order)
    {
        var name = member.Subject.Phrase.Length > 0 ? $" of \"{member.Subject.Phrase}\"" : "";
        InvalidRequestException.ThrowUnless(
            member.References.Count <= config.MostPictures,
            "references",
            $"{member.References.Count} pictures{name} are more than the {config.MostPictures} that this EasyRef was trained for; take some out.");
        foreach (var (i, picture) in member.References.Index())
        {
            SmartResize.Check(picture.Size, config.Side, member.Subject.References[i].Path ?? $"reference {i + 1}{name}");
        }

        var instruction = order.Instruction ?? EasyRefConfig.Instruction;
        Tensor[] nothing = order.HasNegativeRow ? [encoder.EncodeNothing(instruction)] : [];
        return new()
        {
            Tokens = cat([.. nothing, encoder.Encode([.. member.References.Select(Shown)], instruction + order.Prompt)]),
            Projections = network.Projections,
            Influence = member.Influence,
            Region = member.Mask ?? (member.Subject.Place is null ? null : RegionMask.Of(member.Place, order.Size)),
        };
    }

    // A cut-out is what can be seen of it, where the reference shows whatever its alpha hides.
    private static Picture Shown(Picture picture) => picture.HasAlpha ? picture.Over(Rgb.White) : picture;
}
