using Dramatis.Networks.Clip;
using Dramatis.Networks.UNet;
using Dramatis.Tokenizers;
using Dramatis.Weights;

namespace Dramatis.Verification;

/// <summary>A golden folder's denoiser and text encoders: a model without the parts that its cases do not need.</summary>
internal sealed class GoldenNetworks : IPatchable, IDisposable
{
    public GoldenNetworks(string folder)
    {
        UNet = Load(ModelNetwork.UNet, part => UNetConfig.Parse(part.ReadConfig(), part.ConfigPath), config => new UNet(config));
        TextEncoder = Text(ModelNetwork.TextEncoder);
        SecondTextEncoder = Directory.Exists(Path.Combine(folder, ModelNetwork.SecondTextEncoder.Name())) ? Text(ModelNetwork.SecondTextEncoder) : null;
        Tokenizer = ClipTokenizer.FromFolder(Path.Combine(folder, ModelNetwork.TextEncoder.TokenizerName()));
        SecondTokenizer = SecondTextEncoder is null ? null : Tokenizer;

        ClipTextEncoder Text(ModelNetwork encoder) =>
            Load(encoder, part => ClipTextConfig.Parse(part.ReadConfig(), part.ConfigPath), config => new ClipTextEncoder(config));

        TNetwork Load<TConfig, TNetwork>(ModelNetwork network, Func<ModelPart, TConfig> read, Func<TConfig, TNetwork> build)
            where TNetwork : TorchSharp.torch.nn.Module
        {
            var part = ModelPart.Open(Path.Combine(folder, network.Name()));
            var config = read(part);
            return part.Load(() => build(config), ClipKeys.PublishedText);
        }
    }

    public UNet UNet { get; }

    public ClipTextEncoder TextEncoder { get; }

    public ClipTextEncoder? SecondTextEncoder { get; }

    public ClipTokenizer Tokenizer { get; private set; }

    public ClipTokenizer? SecondTokenizer { get; private set; }

    public void Use(ClipTokenizer tokenizer, ClipTokenizer? second) => (Tokenizer, SecondTokenizer) = (tokenizer, second);

    public void Dispose()
    {
        UNet.Dispose();
        TextEncoder.Dispose();
        SecondTextEncoder?.Dispose();
    }
}
