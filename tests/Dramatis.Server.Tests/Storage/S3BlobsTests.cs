using Dramatis.Errors;
using Dramatis.Server.Settings;
using Dramatis.Server.Storage;
using Dramatis.TestKit;

namespace Dramatis.Server.Tests.Storage;

/// <summary>Machines that share a bucket, each with a folder of its own.</summary>
public sealed class S3BlobsTests : IAsyncLifetime
{
    private const string Key = "me";

    private readonly DirectoryInfo here = Directory.CreateTempSubdirectory("dramatis-test-");
    private readonly DirectoryInfo there = Directory.CreateTempSubdirectory("dramatis-test-");
    private TestDatabase database = null!;
    private FakeS3 s3 = null!;

    public async ValueTask InitializeAsync() => (database, s3) = (await TestDatabase.CreateAsync(), await FakeS3.StartAsync(Key));

    public async ValueTask DisposeAsync()
    {
        database.Dispose();
        await s3.DisposeAsync();
        here.Delete(recursive: true);
        there.Delete(recursive: true);
    }

    [Fact]
    public async Task What_one_machine_stores_another_reads()
    {
        var blob = await StoreOf(here).PutAsync("o", [1, 2, 3], new(1, 1), Stop);

        Assert.Equal([1, 2, 3], await StoreOf(there).ReadAsync(blob.Id, Stop));
        Assert.True(File.Exists(Path.Combine(there.FullName, blob.Id)));
        Assert.Equal([blob.Id], s3.Objects.Keys);
    }

    [Fact]
    public async Task A_model_that_was_learned_is_a_folder_there_too()
    {
        var parts = Directory.CreateDirectory(Path.Combine(here.FullName, "model", "unet"));
        for (byte i = 0; i < 5; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(parts.FullName, $"{i}"), new byte[i + 1], Stop);
        }

        await StoreOf(here).ShareAsync("model", Stop);
        await StoreOf(here).PutAsync("o", [9], new(1, 1), Stop);
        s3.Objects["model2"] = ([1], DateTimeOffset.UtcNow);    // begins alike
        await StoreOf(there).FetchAsync(["model", "nobody"], Stop);

        Assert.Equal(5, new DirectoryInfo(Path.Combine(there.FullName, "model", "unet")).GetFiles().Length);
        Assert.False(Path.Exists(Path.Combine(there.FullName, "nobody")));
        var listed = await StoreOf(there).ListAsync(Stop);
        Assert.Equal((3, 15), (listed.Count, listed.Single(blob => blob.Id == "model").Bytes));

        await StoreOf(there).RemoveAsync("model", Stop);

        Assert.Equal(2, s3.Objects.Count);
        Assert.False(Path.Exists(Path.Combine(there.FullName, "model")));
        Assert.Contains("model2", s3.Objects.Keys);
    }

    [Fact]
    public async Task A_bucket_that_refuses_is_told_of()
    {
        var store = new BlobStore(database, here.FullName, TimeProvider.System, S3Blobs.Of(Settings with { S3Key = "stranger" }));

        var e = await Assert.ThrowsAsync<OutputNotWrittenException>(() => store.PutAsync("o", [1], new(1, 1), Stop));

        Assert.Contains("InvalidAccessKeyId", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Settings.S3Secret!, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pictures", "k", "s", "s3: \"pictures\" is no bucket")]
    [InlineData("http://host/", "k", "s", "s3: \"http://host/\" is no bucket")]
    [InlineData("http://host/a/b", "k", "s", "s3: \"http://host/a/b\" is no bucket")]
    [InlineData("http://host/a", null, "s", "s3_key: is missing")]
    [InlineData("http://host/a", "k", null, "s3_key: is missing")]
    public void Settings_that_are_no_bucket_are_told_by_name(string s3, string? key, string? secret, string start) => Assert.StartsWith(
        start, Assert.Throws<InvalidRequestException>(() => S3Blobs.Of(new() { S3 = s3, S3Key = key, S3Secret = secret })).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_a_bucket_the_folder_is_all() => Assert.Null(S3Blobs.Of(new()));

    [Slow]
    [Fact]
    public async Task A_service_keeps_its_pictures_there()
    {
        await using var service = await (await RunningService.StartAsync(
            null, ("rehearse", "true"), ("s3", Settings.S3!), ("s3_key", Key), ("s3_secret", Settings.S3Secret!))).ReadyAsync();
        var picture = (await service.PaintAsync(new { prompt = "a dog" })).List("pictures")[0];
        File.Delete(Path.Combine(service.Data, "blobs", picture.Text("blob")));

        Assert.Equal(s3.Objects[picture.Text("blob")].Bytes, await service.Http.GetByteArrayAsync(picture.Text("url"), Stop));
        Assert.DoesNotContain(Settings.S3Secret!, service.Log, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ServiceSettings Settings => new() { S3 = $"{s3.Address}/{FakeS3.Bucket}", S3Key = Key, S3Secret = "very-secret" };

    private BlobStore StoreOf(DirectoryInfo folder) => new(database, folder.FullName, TimeProvider.System, S3Blobs.Of(Settings));
}
