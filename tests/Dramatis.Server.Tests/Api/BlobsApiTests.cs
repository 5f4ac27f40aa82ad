using System.Net.Http.Headers;
using Dramatis.Pictures;

namespace Dramatis.Server.Tests.Api;

[Collection(Rehearsing.Name)]
public sealed class BlobsApiTests(RehearsingService rehearsing)
{
    private readonly RunningService service = rehearsing.Service;

    [Fact]
    public async Task The_same_picture_is_the_same_blob_however_it_comes()
    {
        var png = PictureWriter.EncodePng(Picture.Filled(5, 4, new(1, 2, 3)));
        using var body = new ByteArrayContent(png);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(png), "file", "x.png" } };

        var (first, one) = await service.PostAsync("/v1/blobs", body);
        var (second, two) = await service.PostAsync("/v1/blobs", form);

        Assert.Equal((201, 201, one.Text("id")), (first, second, two.Text("id")));
        Assert.Equal((5, 4), (one.Number("width"), one.Number("height")));
        Assert.Equal(png, await service.Http.GetByteArrayAsync($"/v1/blobs/{one.Text("id")}", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_a_file_says_beside_its_picture_is_not_served()
    {
        var png = PictureWriter.EncodePng(Picture.Filled(5, 4, new(7, 7, 7)), new Dictionary<string, string> { ["Comment"] = "<script>secret</script>" });
        using var body = new ByteArrayContent(png);

        var (_, blob) = await service.PostAsync("/v1/blobs", body);
        var served = await service.Http.GetByteArrayAsync($"/v1/blobs/{blob.Text("id")}", TestContext.Current.CancellationToken);

        Assert.DoesNotContain("secret", System.Text.Encoding.Latin1.GetString(served), StringComparison.Ordinal);
        Assert.Equal(PictureReader.Read(png, "a").Rgba, PictureReader.Read(served, "b").Rgba);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    public async Task What_is_no_picture_is_refused(string text)
    {
        using var body = new StringContent(text, MediaTypeHeaderValue.Parse("image/png"));

        var (status, problem) = await service.PostAsync("/v1/blobs", body);

        Assert.Equal((422, "picture"), (status, problem.Text("field")));
    }

    [Fact]
    public async Task Too_many_bytes_are_refused_unread()
    {
        using var body = new ByteArrayContent(new byte[21 << 20]);

        var (status, problem) = await service.PostAsync("/v1/blobs", body);

        Assert.Equal((413, "picture"), (status, problem.Text("field")));
    }

    [Fact]
    public async Task Too_many_pixels_are_refused_before_they_are_decoded()
    {
        // 30,000 x 30,000 white pixels, which are few bytes.
        var png = PictureWriter.EncodePng(Picture.Filled(8, 8, new(255, 255, 255)));
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 30_000);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 30_000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), System.IO.Hashing.Crc32.HashToUInt32(png.AsSpan(12, 17)));
        using var body = new ByteArrayContent(png);

        var (status, problem) = await service.PostAsync("/v1/blobs", body);

        Assert.Equal((422, "picture"), (status, problem.Text("field")));
        Assert.Contains("40,000,000", problem.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found() => Assert.Equal(404, (await service.SendAsync(HttpMethod.Get, $"/v1/blobs/{new string('0', 64)}")).Status);
}
