using System.Text;
using Dramatis.Checkpoints.Pickles;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Checkpoints;

/// <summary>Writes tensors as <c>torch.save</c> does: a zip file of stored entries, values at multiples of 64 bytes.</summary>
/// <remarks>The same tensors give the same file. Inside, entries lie in a folder named as the file.</remarks>
internal static class TorchWriter
{
    /// <summary>Writes a dictionary of tensors, one in memory at a time, whole or not at all.</summary>
    /// <param name="parts">
    /// Names that begin with one of these and a dot go without it into a dictionary of their own; what is left beside such dictionaries
    /// is a parameter, as the dummy tokens of MS-Diffusion's file are.
    /// </param>
    /// <exception cref="OutputNotWrittenException">
    /// The file cannot be written, or torch.save has no such tensors, or too small numbers for so many; an older file stays.
    /// </exception>
    public static void Write(string path, IReadOnlyList<TensorSource> tensors, params IReadOnlyList<string> parts) =>
        Write(path, tensors, (pickle, storages) => Dictionary(pickle, storages, parts));

    /// <summary>Writes a file that is one tensor.</summary>
    /// <exception cref="OutputNotWrittenException">As <see cref="Write(string, IReadOnlyList{TensorSource}, IReadOnlyList{string})"/>.</exception>
    public static void WriteTensor(string path, TensorSource tensor) =>
        Write(path, [tensor], (pickle, storages) => pickle.Tensor(tensor.Type.InTorch(), tensor.Shape, storages[0].Key));

    private static void Write(
        string path,
        IReadOnlyList<TensorSource> tensors,
        Action<PickleWriter, IReadOnlyList<(TensorSource Tensor, int Key)>> contents)
    {
        if (tensors.FirstOrDefault(tensor => PickleNames.StorageOf(tensor.Type.InTorch()) is null) is { } odd)
        {
            throw new OutputNotWrittenException(
                path, $"torch.save has no storage of {odd.Type.Name()}, as '{odd.Name}' has; write safetensors or store another type.");
        }

        var storages = tensors.Select((tensor, key) => (tensor, key)).ToArray();
        AtomicFile.Write(path, stream =>
        {
            var stem = Path.GetFileNameWithoutExtension(path);
            using var zip = new StoredZip(stream, path);
            zip.Add($"{stem}/data.pkl", Program(pickle => contents(pickle, storages)), isAligned: false);
            foreach (var (tensor, key) in storages)
            {
                zip.Add($"{stem}/data/{key}", tensor.Values().Span, isAligned: true);
            }

            zip.Add($"{stem}/version", "3\n"u8, isAligned: false);
            zip.End();
        });
    }

    private static void Dictionary(PickleWriter pickle, IReadOnlyList<(TensorSource Tensor, int Key)> storages, IReadOnlyList<string> parts)
    {
        var groups = storages.ToLookup(item => parts.FirstOrDefault(part => item.Tensor.Name.StartsWith($"{part}.", StringComparison.Ordinal)) ?? "");
        pickle.BeginDictionary();
        foreach (var part in groups.Where(group => group.Key.Length > 0))
        {
            pickle.Text(part.Key);
            pickle.BeginDictionary();
            foreach (var (tensor, key) in part)
            {
                pickle.Text(tensor.Name[(part.Key.Length + 1)..]);
                pickle.Tensor(tensor.Type.InTorch(), tensor.Shape, key);
            }

            pickle.EndDictionary();
        }

        foreach (var (tensor, key) in groups[""])
        {
            pickle.Text(tensor.Name);
            if (groups.Count > 1)
            {
                pickle.Parameter(tensor.Type.InTorch(), tensor.Shape, key);
            }
            else
            {
                pickle.Tensor(tensor.Type.InTorch(), tensor.Shape, key);
            }
        }

        pickle.EndDictionary();
    }

    private static byte[] Program(Action<PickleWriter> contents)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.UTF8, leaveOpen: true))
        {
            var pickle = new PickleWriter(writer);
            pickle.Begin();
            contents(pickle);
            pickle.End();
        }

        return bytes.ToArray();
    }
}
