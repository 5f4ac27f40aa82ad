using System.Security.Cryptography;
using System.Text;
using Dramatis.Errors;
using Dramatis.Weights.Catalog;

namespace Dramatis.Tests.Weights.Catalog;

public sealed class FileDigestTests : IDisposable
{
    // FIPS 180-4, example 1.
    private const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_has_its_own_hash()
    {
        Write("a", "abc");

        Assert.Equal(new FileDigest(3, Abc), Of(Path.Combine(folder, "a")));
    }

    [Fact]
    public void A_folder_has_the_hash_of_what_sha256sum_prints_for_its_files()
    {
        Write("part/b", "abc");
        Write("a", "abc");
        Write(".git/config", "of no matter");

        var printed = $"{Abc}  a\n{Abc}  part/b\n";
        var expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(printed)));

        Assert.Equal(new FileDigest(6, expected), Of(folder));
    }

    [Fact]
    public void A_file_under_another_name_is_another_folder()
    {
        Write("a", "abc");
        var before = Of(folder);
        File.Move(Path.Combine(folder, "a"), Path.Combine(folder, "b"));

        Assert.NotEqual(before, Of(folder));
    }

    [Fact]
    public void A_path_that_is_missing_is_named()
    {
        var path = Path.Combine(folder, "none");

        Assert.Equal(path, Assert.Throws<ModelNotFoundException>(() => Of(path)).Path);
    }

    private static FileDigest Of(string path) => FileDigest.Of(path, TestContext.Current.CancellationToken);

    private void Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
