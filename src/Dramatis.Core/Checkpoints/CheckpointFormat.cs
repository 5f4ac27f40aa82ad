using System.Buffers.Binary;

namespace Dramatis.Checkpoints;

/// <summary>What a file of weights is, by its first bytes; its name says nothing.</summary>
internal enum CheckpointFormat
{
    Safetensors,
    TorchZip,
    TorchLegacy,
    LfsPointer,
    WebPage,
}

/// <summary>Tells the formats apart.</summary>
internal static class CheckpointFormats
{
    public const int SignatureLength = 24;

    private const byte ProtocolOpcode = 0x80;

    /// <param name="start">The file's first bytes, up to <see cref="SignatureLength"/>.</param>
    public static CheckpointFormat Of(ReadOnlySpan<byte> start) =>
        start.StartsWith("PK"u8) ? CheckpointFormat.TorchZip
        : start.Length > 0 && start[0] == ProtocolOpcode && !IsHeaderLength(start) ? CheckpointFormat.TorchLegacy
        : start.StartsWith("version https://git-lfs"u8) ? CheckpointFormat.LfsPointer
        : start.StartsWith("<!"u8) || start.StartsWith("<html"u8) ? CheckpointFormat.WebPage
        : CheckpointFormat.Safetensors;

    public static CheckpointFormat Of(FileStream file)
    {
        var start = new byte[SignatureLength];
        var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return Of(start.AsSpan(0, count));
    }

    /// <summary>Why a file is no checkpoint at all and what to do, or null.</summary>
    public static string? Advice(CheckpointFormat format) => format switch
    {
        CheckpointFormat.LfsPointer => "is a pointer of Git LFS, not the file itself; fetch it with git lfs pull",
        CheckpointFormat.WebPage => "is a web page, not a file of weights; download the file itself (on model hubs: the link that says download)",
        _ => null,
    };

    // A safetensors file begins with the length of its header, 8 bytes that may well start with the same byte as a pickle.
    private static bool IsHeaderLength(ReadOnlySpan<byte> start) =>
        start.Length >= 8 && BinaryPrimitives.ReadUInt64LittleEndian(start) <= SafetensorsHeader.MaxLength;
}
