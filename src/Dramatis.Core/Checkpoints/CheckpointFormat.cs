using System.Buffers.Binary;
using System.Text;

namespace Dramatis.Checkpoints;

/// <summary>What a file of weights is, by its first bytes; its name says nothing.</summary>
internal enum CheckpointFormat
{
    Safetensors,
    TorchZip,
    TorchLegacy,

    /// <summary>No file of weights that is read here.</summary>
    Other,
}

/// <summary>Tells the formats apart.</summary>
internal static class CheckpointFormats
{
    public const int SignatureLength = 64;

    private const byte ProtocolOpcode = 0x80;

    private const string Download = "download the file itself (on model hubs: the link that says download)";
    private const string Picture = "is a picture, not a file of weights; previews often lie beside them under the same name. Give the file of weights";
    private const string Archive = "is an archive; unpack it and give the file of weights in it";

    // What begins so is no checkpoint, and what to do.
    private static readonly (byte[] Start, string Advice)[] Others =
    [
        ("GGUF"u8.ToArray(), "is a GGUF file, whose weights are quantised and not read here; take the model as safetensors"),
        ([0x89, .. "PNG"u8], Picture),
        ([0xff, 0xd8, 0xff], Picture),
        ("GIF8"u8.ToArray(), Picture),
        ("RIFF"u8.ToArray(), Picture),
        ("%PDF"u8.ToArray(), $"is a PDF, not a file of weights; {Download}"),
        ([0x89, .. "HDF\r\n"u8], "is an HDF5 file of Keras or TensorFlow, which is not read here; take the model as safetensors"),
        ([0x1f, 0x8b], Archive),
        ([0x37, 0x7a, 0xbc, 0xaf], Archive),
        ("Rar!"u8.ToArray(), Archive),
        ([0xfd, .. "7zXZ"u8], Archive),
        ([0x28, 0xb5, 0x2f, 0xfd], Archive),
    ];

    // The same of texts, which may begin with blanks and in capitals.
    private static readonly (string Start, string Advice)[] Texts =
    [
        ("version https://git-lfs", "is a pointer of Git LFS, not the file itself; fetch it with git lfs pull"),
        ("version https://hawser", "is a pointer of Git LFS, not the file itself; fetch it with git lfs pull"),
        ("<!doctype", $"is a web page, not a file of weights; {Download}"),
        ("<html", $"is a web page, not a file of weights; {Download}"),
        ("<head", $"is a web page, not a file of weights; {Download}"),
        ("<!--", $"is a web page, not a file of weights; {Download}"),
        ("<?xml", $"is an answer of a server, not a file of weights; {Download}"),
        ("{", $"is a text of settings or an answer of a server, not a file of weights; {Download}"),
        ("entry not found", $"is an answer of a server, not a file of weights; {Download}"),
        ("invalid username or password", "is an answer of a server, not a file of weights: it wants you to log in there. Do so and download it again"),
        ("access to model", "is an answer of a server, not a file of weights: it wants you to accept the model's terms there. Do so and download it again"),
    ];

    /// <param name="start">The file's first bytes, up to <see cref="SignatureLength"/>.</param>
    public static CheckpointFormat Of(ReadOnlySpan<byte> start) =>
        start.StartsWith("PK"u8) ? CheckpointFormat.TorchZip
        : start.Length > 0 && start[0] == ProtocolOpcode && !IsHeaderLength(start) ? CheckpointFormat.TorchLegacy
        : Advice(start) is not null ? CheckpointFormat.Other
        : CheckpointFormat.Safetensors;

    /// <summary>A file's first bytes; it stands at its beginning afterwards.</summary>
    public static byte[] Start(FileStream file)
    {
        var start = new byte[SignatureLength];
        var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start[..count];
    }

    /// <summary>Why a file that begins so is no checkpoint at all and what to do, or null.</summary>
    public static string? Advice(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty)
        {
            return "is empty; its download did not begin. Download it again";
        }

        if (start.Length >= sizeof(ulong) + 1 && start[sizeof(ulong)] == '{' && IsHeaderLength(start))
        {
            return null;
        }

        if (start.Length >= sizeof(ulong) && !start.ContainsAnyExcept((byte)0))
        {
            return "begins with nothing but zeros; its download was broken off. Download it again";
        }

        foreach (var (signature, advice) in Others)
        {
            if (start.StartsWith(signature))
            {
                return advice;
            }
        }

        var text = Encoding.Latin1.GetString(start).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        return Array.Find(Texts, item => text.StartsWith(item.Start, StringComparison.OrdinalIgnoreCase)).Advice
            ?? (IsText(start) ? $"is a text, not a file of weights; give the file of weights, or {Download}" : null);
    }

    // Weights have bytes of zero, or some that stand in no text, among the first.
    private static bool IsText(ReadOnlySpan<byte> start) =>
        start.Length >= sizeof(ulong) && !start.ContainsAnyInRange((byte)0, (byte)8) && !start.ContainsAnyInRange((byte)14, (byte)31)
        && Encoding.UTF8.GetString(start).TrimEnd('\ufffd').IndexOf('\ufffd', StringComparison.Ordinal) < 0;

    // A safetensors file begins with the length of its header, 8 bytes that may well start with the same byte as a pickle.
    private static bool IsHeaderLength(ReadOnlySpan<byte> start) =>
        start.Length >= sizeof(ulong) && BinaryPrimitives.ReadUInt64LittleEndian(start) <= SafetensorsHeader.MaxLength;
}
