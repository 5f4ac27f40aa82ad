using System.IO.Compression;
using Dramatis.Checkpoints;

namespace Dramatis.Tests.Checkpoints;

public sealed class TorchTensorWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string File => Path.Combine(folder.Path, "dog.pt");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_written_is_read_to_the_bit()
    {
        float[] values = [.. Enumerable.Range(0, 12).Select(i => MathF.Sin(i) * MathF.Pow(10, i - 6)), float.NaN, -0f, float.Epsilon];

        TorchTensorWriter.Write(File, values, 3, 5);
        using var file = TensorArchive.Open(File);
        var bytes = new byte[values.Length * sizeof(float)];
        file.Read("root", bytes);

        Assert.Equal([3, 5], file.Tensors["root"].Shape);
        Assert.Equal(TensorType.F32, file.Tensors["root"].Type);
        Assert.Equal(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values), bytes);
    }

    [Fact]
    public void One_subject_of_SD_2_takes_less_than_4_8_kilobytes()
    {
        TorchTensorWriter.Write(File, new float[1024], 1, 1024);

        Assert.InRange(new FileInfo(File).Length, 4096, 4800);
    }

    [Fact]
    public void Entries_are_stored_under_the_file_s_name_with_values_at_a_multiple_of_64()
    {
        TorchTensorWriter.Write(File, [.. Enumerable.Repeat(1.5f, 40)], 40);
        var bytes = System.IO.File.ReadAllBytes(File);
        using var zip = ZipFile.OpenRead(File);

        Assert.Equal(["dog/data.pkl", "dog/data/0", "dog/version"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        Assert.Equal(0, bytes.AsSpan().IndexOf(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([.. Enumerable.Repeat(1.5f, 40)])) % 64);
    }

    [Fact]
    public void The_same_values_give_the_same_file()
    {
        TorchTensorWriter.Write(File, [1, 2, 3], 3);
        var first = System.IO.File.ReadAllBytes(File);
        TorchTensorWriter.Write(File, [1, 2, 3], 3);

        Assert.Equal(first, System.IO.File.ReadAllBytes(File));
    }
}
