using System.Buffers.Binary;
using System.Text;
using Dramatis.Errors;
using Dramatis.Pictures;
using Dramatis.Training.FastComposer;

namespace Dramatis.Tests.Training.FastComposer;

public sealed class NpyFileTests : IDisposable
{
    private static readonly byte[] Six = [1, 2, 3, 4, 5, 6];

    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void What_was_written_is_read()
    {
        NpyFile.Write(path, new(new(3, 2), [0, -1, 7, 1 << 24, 5, 6]));

        var map = NpyFile.Read(path);

        Assert.Equal(new PixelSize(3, 2), map.Size);
        Assert.Equal([0, -1, 7, 1 << 24, 5, 6], map.Labels);
    }

    [Theory]
    [InlineData("|u1", 1)]
    [InlineData("|i1", 1)]
    [InlineData("<u2", 2)]
    [InlineData(">i2", 2)]
    [InlineData("<i4", 4)]
    [InlineData(">u4", 4)]
    [InlineData("<i8", 8)]
    [InlineData(">u8", 8)]
    public void All_whole_numbers_are_labels(string type, int width)
    {
        var numbers = new byte[6 * width];
        for (var i = 0; i < 6; i++)
        {
            numbers[(i * width) + (type[0] == '>' ? width - 1 : 0)] = Six[i];
        }

        Write(Header(type, "(2, 3)"), numbers);

        Assert.Equal([1, 2, 3, 4, 5, 6], NpyFile.Read(path).Labels);
    }

    [Fact]
    public void Signs_count_where_the_type_has_them()
    {
        Write(Header("|i1", "(1, 1)"), [0xFF]);
        Assert.Equal([-1], NpyFile.Read(path).Labels);
        Write(Header("|u1", "(1, 1)"), [0xFF]);
        Assert.Equal([255], NpyFile.Read(path).Labels);
    }

    [Fact]
    public void Arrays_may_lie_by_columns_and_have_later_versions()
    {
        Write(Header("|u1", "(2, 3)", "True"), [1, 4, 2, 5, 3, 6], version: 2);

        Assert.Equal([1, 2, 3, 4, 5, 6], NpyFile.Read(path).Labels);
    }

    [Theory]
    [InlineData("<f4", "(2, 3)", 24, "is an array of \"<f4\"; save the label map")]
    [InlineData("|b1", "(2, 3)", 6, "is an array of \"|b1\"")]
    [InlineData("|O", "(2, 3)", 6, "is an array of \"|O\"")]
    [InlineData("|u1", "(6,)", 6, "has the shape (6); save")]
    [InlineData("|u1", "()", 1, "has the shape ()")]
    [InlineData("|u1", "(1, 2, 3)", 6, "has the shape (1, 2, 3)")]
    [InlineData("|u1", "(0, 3)", 0, "has the shape (0, 3)")]
    [InlineData("|u1", "(2, 3)", 5, "has 5 bytes of numbers where 3x2 labels take 6; it is damaged")]
    [InlineData("|u1", "(2, 3)", 7, "has 7 bytes of numbers")]
    [InlineData("<i8", "(100000, 1000)", 8, "has 8 bytes of numbers where 1000x100000 labels take 800,000,000")]
    [InlineData("|u1", "(100000, 1001)", 8, "more than the limit")]
    [InlineData("|u1", "(9999999999, 9999999999)", 8, "more than the limit")]
    [InlineData("|u1", "(99999999999999999999, 1)", 8, "has the shape (99999999999999999999, 1)")]
    [InlineData("|u1", "(-2, 3)", 6, "has a header that cannot be read")]
    public void What_is_no_label_map_is_refused(string type, string shape, int bytes, string problem)
    {
        Write(Header(type, shape), new byte[bytes]);

        AssertRefused(problem);
    }

    [Fact]
    public void Labels_that_resizing_would_change_are_refused()
    {
        var number = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, (1 << 24) + 1);
        Write(Header("<i8", "(1, 1)"), number);

        AssertRefused("has the label 16777217");
    }

    [Fact]
    public void Files_that_end_early_or_are_another_s_are_refused()
    {
        Write(Header("|u1", "(2, 3)"), Six);
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<InvalidDataSetException>(() => NpyFile.Read(path));
        }

        File.WriteAllText(path, "PK a zip of arrays");
        AssertRefused("is no NumPy array");
        File.WriteAllBytes(path, [.. whole[..6], 2, 0, 0xFF, 0xFF, 0xFF, 0x7F]);
        AssertRefused("has a header of 2,147,483,647 bytes");
        File.Delete(path);
        AssertRefused("there is no such file; check the path");
    }

    private static string Header(string type, string shape, string fortran = "False") =>
        $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n";

    private void Write(string header, byte[] numbers, byte version = 1)
    {
        byte[] length = version == 1 ? [(byte)header.Length, 0] : [(byte)header.Length, 0, 0, 0];
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.Latin1.GetBytes(header), .. numbers]);
    }

    private void AssertRefused(string problem)
    {
        var error = Assert.Throws<InvalidDataSetException>(() => NpyFile.Read(path));
        Assert.Equal(path, error.Path);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
