using System.Security.Cryptography;
using System.Text;
using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.MsDiffusion;

/// <summary>Encodings on disk, one file a record: the second epoch encodes nothing.</summary>
/// <remarks>In single precision, so that a training with a cache ends with the same bits as one without.</remarks>
/// <param name="stamp">Stands for the encoders and sizes: other ones find nothing.</param>
public sealed class MsEncodingCache(string folder, string stamp)
{
    /// <summary>The encoding of a record; made, and kept, when there is none.</summary>
    /// <exception cref="OutputNotWrittenException">The folder cannot be written to.</exception>
    public MsEncoded Get(MsRecord record, Func<MsEncoded> encode)
    {
        var path = PathOf(record);
        if (TryRead(path) is { } kept)
        {
            return kept;
        }

        var made = encode();
        OutputFolder.Create(folder);
        Checkpoint.Save(Named(made).ToDictionary(item => item.Name, item => item.Values), path);
        return made;
    }

    private static IEnumerable<(string Name, Tensor Values)> Named(MsEncoded encoded)
    {
        yield return ("mean", encoded.Mean);
        yield return ("deviation", encoded.Deviation);
        yield return ("text", encoded.Text);
        yield return ("phrases", encoded.Phrases);
        yield return ("features", encoded.Features);
        yield return ("places", encoded.Places);
        yield return ("frame", encoded.Frame);
        if (encoded.Pooled is { } pooled)
        {
            yield return ("pooled", pooled);
        }
    }

    // A file that is damaged is as good as none.
    private static MsEncoded? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var file = SafetensorsFile.Open(path);
            return new(
                file.ToTensor("mean"),
                file.ToTensor("deviation"),
                file.ToTensor("text"),
                file.Tensors.ContainsKey("pooled") ? file.ToTensor("pooled") : null,
                file.ToTensor("phrases"),
                file.ToTensor("features"),
                file.ToTensor("places"),
                file.ToTensor("frame"));
        }
        catch (InvalidCheckpointException)
        {
            return null;
        }
    }

    // Pictures that change have another time.
    private string PathOf(MsRecord record)
    {
        var files = record.Subjects.SelectMany(subject => new[] { subject.Reference, subject.Mask }).Append(record.Image).OfType<string>();
        var subjects = record.Subjects.Select(subject => FormattableString.Invariant($"{subject}"));
        string[] parts = [stamp, record.Text, .. subjects, .. files.Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O}")];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        return Path.Combine(folder, $"{Convert.ToHexStringLower(hash[..16])}.safetensors");
    }
}
