using System.Text;
using Dramatis.Checkpoints;
using Dramatis.Errors;

namespace Dramatis.Tests.Checkpoints;

public sealed class TensorArchiveTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // 0x280 and 0x580: as bytes, what a pickle of protocol 2 or 5 begins with.
    [Theory]
    [InlineData(0x280)]
    [InlineData(0x580)]
    public void A_header_whose_length_looks_like_a_pickle_is_still_safetensors(int length)
    {
        var header = Encoding.UTF8.GetBytes("""{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""".PadRight(length));
        File.WriteAllBytes(folder["w.bin"], [.. BitConverter.GetBytes((long)length), .. header, 7, 9]);

        using var archive = TensorArchive.Open(folder["w.bin"]);

        Assert.IsType<SafetensorsFile>(archive);
        Assert.Equal([7, 9], Read(archive, "w"));
    }

    [Theory]
    [InlineData("# A model\n\nThis is how it was trained.\n", "is a text, not a file of weights")]
    [InlineData("Ein schönes Modell, größer als das vorige, für Bilder von Füchsen und Bären im Schnee", "is a text, not a file of weights")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4\n", "git lfs pull")]
    [InlineData("<!DOCTYPE html><html><body>Sign in</body></html>", "web page")]
    [InlineData("just some words that are no weights", "is a text")]
    [InlineData("\u0003\u0001 no words, \u0007 no weights", "no known format")]
    [InlineData("", "is empty")]
    [InlineData("  \n<HTML><head>", "web page")]
    [InlineData("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "answer of a server")]
    [InlineData("{\"error\":\"Repository not found\"}", "answer of a server")]
    [InlineData("Entry not found", "answer of a server")]
    [InlineData("Invalid username or password.", "log in")]
    [InlineData("GGUF\u0003\0\0\0 and so on", "GGUF")]
    [InlineData("RIFF\u0024\0\0\0WEBPVP8 ", "is a picture")]
    [InlineData("GIF89a and so on", "is a picture")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0", "zeros")]
    [InlineData("short", "fewer than a header needs")]
    public void What_is_no_checkpoint_is_told_by_its_content(string text, string words)
    {
        File.WriteAllText(folder["model.safetensors"], text);

        var error = Assert.Throws<InvalidCheckpointException>(() => TensorArchive.Open(folder["model.safetensors"]));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(folder["model.safetensors"], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iVBORw0KGgoAAAANSUhEUg==", "is a picture")]
    [InlineData("/9j/4AAQSkZJRgABAQ==", "is a picture")]
    [InlineData("H4sIAAAAAAAAA+3OMQ==", "is an archive")]
    [InlineData("N3q8ryccAAQAAAAAAAAA", "is an archive")]
    [InlineData("iUhERg0KGgoAAAAAAAgIAA==", "HDF5")]
    public void So_it_is_by_its_bytes(string base64, string words)
    {
        File.WriteAllBytes(folder["model.safetensors"], Convert.FromBase64String(base64));

        Assert.Contains(words, Refusal(folder["model.safetensors"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_and_a_missing_file_are_told_apart()
    {
        Assert.Contains("is a folder", Refusal(folder.Path), StringComparison.Ordinal);
        Assert.Contains("there is no such file", Refusal(folder["none.bin"]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_gathers_shards_of_any_format()
    {
        var pickle = Path.Combine(GoldenFolder.Of("formats"), "pickle", "valid", "zip_simple.pt");
        File.Copy(pickle, folder["one.bin"]);
        SafetensorsWriter.Write(folder["two.safetensors"], [new("x", TensorType.U8, [1], () => new byte[] { 3 })]);
        File.WriteAllText(folder["model.json"], """{"weight_map": {"w": "one.bin", "x": "two.safetensors"}}""");

        using var archive = TensorArchive.Open(folder["model.json"]);

        Assert.Equal(["w", "x"], archive.Tensors.Keys.Order());
        Assert.Equal([6L, 5], archive.Tensors["w"].Shape);
        Assert.Equal([3], Read(archive, "x"));
        Assert.Equal("2 files, torch.save (zip) and safetensors", archive.Format);
    }

    private static string Refusal(string path) => Assert.Throws<InvalidCheckpointException>(() => TensorArchive.Open(path)).Message;

    private static byte[] Read(TensorArchive archive, string name)
    {
        var bytes = new byte[archive.Tensors[name].ByteCount];
        archive.Read(name, bytes);
        return bytes;
    }
}
