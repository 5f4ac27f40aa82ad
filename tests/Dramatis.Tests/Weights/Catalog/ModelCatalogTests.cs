using Dramatis.Checkpoints;
using Dramatis.Errors;
using Dramatis.Weights.Catalog;

namespace Dramatis.Tests.Weights.Catalog;

public sealed class ModelCatalogTests : IDisposable
{
    private static readonly string Toybox = ToyboxFolder.Path;

    private readonly string folder = Directory.CreateTempSubdirectory("dramatis-").FullName;
    private readonly string adapter;
    private readonly ModelCatalog catalog;

    public ModelCatalogTests()
    {
        adapter = Path.Combine(folder, "ip.safetensors");
        SafetensorsWriter.Write(adapter, [Tensor("image_proj.proj.weight"), Tensor("ip_adapter.1.to_k_ip.weight")]);
        catalog = new(Toybox, Names);
    }

    private string Names => Path.Combine(folder, "data", "models");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_added_model_is_found_by_its_name_and_listed_after_the_embedded_one()
    {
        var added = Add("mine", Toybox, "MIT");
        Add("adapter", adapter);

        var again = new ModelCatalog(Toybox, Names);

        Assert.Equal(Toybox, again.Locate("mine"));
        Assert.Equal(["toybox", "adapter", "mine"], again.Entries.Select(entry => entry.Name));
        Assert.Equal((added.Path, added.Digest, added.Licence), (again.Entries[2].Path, again.Entries[2].Digest, again.Entries[2].Licence));
        Assert.Equal(added.Contents.Can, again.Entries[2].Contents.Can);
    }

    [Fact]
    public void Where_the_embedded_model_is_missing_the_others_are_listed()
    {
        Add("adapter", adapter);

        Assert.Equal(["adapter"], new ModelCatalog(Path.Combine(folder, "nowhere"), Names).Entries.Select(entry => entry.Name));
    }

    [Fact]
    public void What_reads_no_text_is_found_too_and_a_path_stays_one()
    {
        var vae = Path.Combine(Toybox, "vae", "diffusion_pytorch_model.safetensors");
        Add("vae", vae);

        Assert.Null(catalog.Entries[1].Contents.TextWidth);
        Assert.Equal(vae, catalog.LocateWeights("vae"));
        Assert.Equal("canny", catalog.LocateWeights("canny"));
        Assert.Equal("a/b", catalog.LocateWeights("a/b"));
    }

    [Fact]
    public void What_is_no_name_is_a_path_and_nothing_is_the_embedded_model()
    {
        Assert.Equal(Toybox, catalog.Locate(null));
        Assert.Equal(Toybox, catalog.Locate("toybox"));
        Assert.Equal("./toybox", catalog.Locate("./toybox"));
        Assert.Equal("some/where", catalog.Locate("some/where"));
    }

    [Fact]
    public void A_word_that_is_neither_name_nor_path_is_answered_with_the_names()
    {
        Add("adapter", adapter);

        var error = Assert.Throws<ModelNotFoundException>(() => catalog.Locate("dreamy"));

        Assert.Contains("which has toybox, adapter.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_is_not_taken_for_a_model()
    {
        Add("adapter", adapter);

        var error = Assert.Throws<InvalidRequestException>(() => catalog.Locate("adapter"));

        Assert.Contains("\"adapter\" is IP-Adapter, which goes with a base model", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is no name")]
    [InlineData("a/b", "is no name")]
    [InlineData("..", "is no name")]
    [InlineData("-x", "is no name")]
    [InlineData("a\n", "is no name")]
    [InlineData("toybox", "is taken")]
    [InlineData("taken", "is taken")]
    public void A_name_must_be_one_and_free(string name, string words)
    {
        Add("taken", adapter);

        var error = Assert.Throws<InvalidRequestException>(() => Add(name, adapter));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Names));
    }

    [Fact]
    public void A_path_without_a_model_is_not_added()
    {
        Assert.Throws<ModelNotFoundException>(() => Add("none", Path.Combine(folder, "none")));

        Assert.Single(catalog.Entries);
    }

    [Fact]
    public void Removing_forgets_the_name_and_leaves_nothing_but_the_model()
    {
        Add("adapter", adapter);
        catalog.Remove("adapter");

        Assert.Empty(Directory.GetFileSystemEntries(Names));
        Assert.True(File.Exists(adapter));
    }

    [Theory]
    [InlineData("toybox", "stays")]
    [InlineData("none", "is not in the catalogue, which has toybox.")]
    [InlineData("../ip", "is not in the catalogue")]
    public void Only_a_name_of_the_user_s_is_removed(string name, string words)
    {
        var error = Assert.Throws<InvalidRequestException>(() => catalog.Remove(name));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Those_who_add_at_the_same_time_do_not_undo_each_other_s_work()
    {
        Parallel.For(0, 16, i => new ModelCatalog(Toybox, Names).Add($"a{i:00}", adapter, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(17, catalog.Entries.Count);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"name": "a", "path": null, "contents": null}""")]
    [InlineData("""{"name": "a", "path": "p", "contents": {"form": "painting", "kind": "k", "can": []}}""")]
    public void A_damaged_entry_is_named_and_can_be_removed(string text)
    {
        Add("broken", adapter);
        File.WriteAllText(Path.Combine(Names, "broken.json"), text);

        var error = Assert.Throws<InvalidConfigException>(() => catalog.Locate("broken"));
        catalog.Remove("broken");

        Assert.EndsWith("broken.json", error.Path, StringComparison.Ordinal);
        Assert.Contains("'dramatis models remove broken'", error.Message, StringComparison.Ordinal);
        Assert.Single(catalog.Entries);
    }

    [Fact]
    public void A_model_that_has_changed_or_gone_is_a_problem()
    {
        var entry = Add("adapter", adapter);
        Assert.Null(Problem(entry));

        var bytes = File.ReadAllBytes(adapter);
        bytes[^1]++;
        File.WriteAllBytes(adapter, bytes);
        Assert.Contains("its bytes have changed", Problem(entry), StringComparison.Ordinal);

        File.WriteAllBytes(adapter, bytes[..^1]);
        Assert.Contains("is truncated", Problem(entry), StringComparison.Ordinal);

        File.Delete(adapter);
        Assert.Contains("no such folder or file", Problem(entry), StringComparison.Ordinal);
    }

    private static string? Problem(CatalogEntry entry) => entry.Problem(TestContext.Current.CancellationToken);

    private CatalogEntry Add(string name, string path, string? licence = null) => catalog.Add(name, path, licence, TestContext.Current.CancellationToken);

    private static TensorSource Tensor(string name) => new(name, TensorType.U8, [1, 768], () => new byte[768]);
}
