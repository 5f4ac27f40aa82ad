using System.Security.Cryptography;
using System.Text;
using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Files;
using Dramatis.Weights;
using static TorchSharp.torch;

namespace Dramatis.Training.Records;

/// <summary>Encodings on disk, one file a record: the second epoch encodes nothing.</summary>
/// <remarks>In single precision, so that a training with a cache ends with the same bits as one without.</remarks>
/// <param name="stamp">Stands for the encoders and all sizes: other ones find nothing.</param>
internal sealed class EncodingCache(string folder, string stamp)
{
    /// <summary>The encoding of a record, by names; made, and kept, when there is none.</summary>
    /// <exception cref="OutputNotWrittenException">The folder cannot be written to.</exception>
    public IReadOnlyDictionary<string, Tensor> Get(TrainingRecord record, Func<IReadOnlyDictionary<string, Tensor>> encode)
    {
        var path = PathOf(record);
        if (TryRead(path) is { } kept)
        {
            return kept;
        }

        var made = encode();
        OutputFolder.Create(folder);
        Checkpoint.Save(made, path);
        return made;
    }

    // A file that is damaged is as good as none.
    private static Dictionary<string, Tensor>? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var file = SafetensorsFile.Open(path);
            return file.Tensors.Keys.ToDictionary(name => name, name => file.ToTensor(name));
        }
        catch (InvalidCheckpointException)
        {
            return null;
        }
    }

    // Pictures that change have another time.
    private string PathOf(TrainingRecord record)
    {
        var files = record.Subjects.SelectMany(subject => new[] { subject.Reference, subject.Mask }).Append(record.Image).OfType<string>();
        var subjects = record.Subjects.Select(subject => FormattableString.Invariant($"{subject}"));
        string[] parts = [stamp, record.Text, .. subjects, .. files.Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O}")];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        return Path.Combine(folder, $"{Convert.ToHexStringLower(hash[..16])}.safetensors");
    }
}
