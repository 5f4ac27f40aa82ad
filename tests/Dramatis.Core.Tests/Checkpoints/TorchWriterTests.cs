using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Dramatis.Checkpoints;
using Dramatis.Errors;

namespace Dramatis.Tests.Checkpoints;

public sealed class TorchWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string File => Path.Combine(folder.Path, "dog.pt");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_written_is_read_to_the_bit()
    {
        float[] values = [.. Enumerable.Range(0, 12).Select(i => MathF.Sin(i) * MathF.Pow(10, i - 6)), float.NaN, -0f, float.Epsilon];

        TorchWriter.WriteTensor(File, Source("root", values, 3, 5));
        using var file = TensorArchive.Open(File);
        var bytes = new byte[values.Length * sizeof(float)];
        file.Read("root", bytes);

        Assert.Equal([3, 5], file.Tensors["root"].Shape);
        Assert.Equal(TensorType.F32, file.Tensors["root"].Type);
        Assert.Equal(MemoryMarshal.AsBytes<float>(values), bytes);
    }

    [Fact]
    public void One_subject_of_SD_2_takes_less_than_4_8_kilobytes()
    {
        TorchWriter.WriteTensor(File, Source("root", new float[1024], 1, 1024));

        Assert.InRange(new FileInfo(File).Length, 4096, 4800);
    }

    [Fact]
    public void Entries_are_stored_under_the_file_s_name_with_values_at_a_multiple_of_64()
    {
        TorchWriter.WriteTensor(File, Source("root", [.. Enumerable.Repeat(1.5f, 40)], 40));
        var bytes = System.IO.File.ReadAllBytes(File);
        using var zip = ZipFile.OpenRead(File);

        Assert.Equal(["dog/data.pkl", "dog/data/0", "dog/version"], zip.Entries.Select(entry => entry.FullName));
        Assert.All(zip.Entries, entry => Assert.Equal(entry.Length, entry.CompressedLength));
        Assert.Equal(0, bytes.AsSpan().IndexOf(MemoryMarshal.AsBytes<float>([.. Enumerable.Repeat(1.5f, 40)])) % 64);
    }

    [Fact]
    public void The_same_values_give_the_same_file()
    {
        TorchWriter.WriteTensor(File, Source("root", [1, 2, 3], 3));
        var first = System.IO.File.ReadAllBytes(File);
        TorchWriter.WriteTensor(File, Source("root", [1, 2, 3], 3));

        Assert.Equal(first, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void Parts_become_dictionaries_and_what_is_left_a_parameter()
    {
        TensorSource[] tensors =
        [
            Source("dummy", [1, 2], 2), Source("image_proj.proj.weight", [3, 4], 1, 2),
                new("image_proj.steps", TensorType.I64, [], () => BitConverter.GetBytes(7L)),
            Source("ms_adapter.1.to_k_ip.weight", [5], 1, 1),
        ];

        TorchWriter.Write(File, tensors, "image_proj", "ip_adapter", "ms_adapter");
        using var file = TensorArchive.Open(File);
        var step = new byte[sizeof(long)];
        file.Read("image_proj.steps", step);

        Assert.Equal(
            ["dummy 2", "image_proj.proj.weight 1x2", "image_proj.steps ", "ms_adapter.1.to_k_ip.weight 1x1"],
            file.Tensors.Values.Select(entry => $"{entry.Name} {string.Join('x', entry.Shape)}").Order(StringComparer.Ordinal));
        Assert.Equal(7, BitConverter.ToInt64(step));
        Assert.Contains("_rebuild_parameter", Encoding.Latin1.GetString(System.IO.File.ReadAllBytes(File)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_torch_has_no_storage_of_is_refused_and_an_older_file_stays()
    {
        System.IO.File.WriteAllText(File, "older");

        var error = Assert.Throws<OutputNotWrittenException>(() =>
            TorchWriter.Write(File, [new("odd", TensorType.U16, [1], () => new byte[2])]));

        Assert.Contains("U16", error.Message, StringComparison.Ordinal);
        Assert.Contains("'odd'", error.Message, StringComparison.Ordinal);
        Assert.Equal("older", System.IO.File.ReadAllText(File));
    }

    private static TensorSource Source(string name, float[] values, params long[] shape) =>
        new(name, TensorType.F32, shape, () => MemoryMarshal.AsBytes<float>(values).ToArray());
}
