using Dramatis.Errors;
using Dramatis.Requests;

namespace Dramatis.Tests.Requests;

/// <summary>What JSON from strangers may name.</summary>
public sealed class RequestFilesTests : IDisposable
{
    private const string Inline = "data:image/png;base64,AQI=";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // Every way in which a request names a file; {0} is its name.
    public static TheoryData<string, string> Fields => new()
    {
        { """{{"prompt":"a","subjects":[{{"phrase":"a","references":["{0}"]}}]}}""", "subjects[0].references[0]" },
        { """{{"prompt":"a","subjects":[{{"phrase":"a","reference_masks":["{0}"]}}]}}""", "subjects[0].reference_masks[0]" },
        { """{{"prompt":"a","subjects":[{{"phrase":"a","place":{{"mask":"{0}"}}}}]}}""", "subjects[0].place" },
        { """{{"prompt":"a","subjects":[{{"phrase":"a","learned":"{0}"}}]}}""", "subjects[0].learned" },
        { """{{"prompt":"a","subjects":[{{"phrase":"a","learned":[{{"embedding":"{0}"}}]}}]}}""", "subjects[0].learned[0]" },
        { """{{"prompt":"a","subjects":[{{"phrase":"a","residual":"{0}"}}]}}""", "subjects[0].residual" },
        { """{{"prompt":"a","subjects":[{{"phrase":"a","lora":"{0}"}}]}}""", "subjects[0].lora" },
        { """{{"prompt":"a","subjects":[{{"phrase":"a","embedding":"{0}"}}]}}""", "subjects[0].embedding" },
        { """{{"prompt":"a","image":"{0}"}}""", "image" },
        { """{{"prompt":"a","mask":"{0}"}}""", "mask" },
        { """{{"prompt":"a","model":"{0}"}}""", "model" },
        { """{{"prompt":"a","controls":[{{"model":"{0}","picture":"data:image/png;base64,AQI="}}]}}""", "controls[0].model" },
        { """{{"prompt":"a","controls":[{{"picture":"{0}"}}]}}""", "controls[0].picture" },
        { """{{"prompt":"a","loras":[{{"file":"{0}"}}]}}""", "loras[0].file" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Without_files_none_is_named_by_any_field(string json, string field)
    {
        foreach (var name in new[] { "a.png", "/etc/passwd", "../a.png", "." })
        {
            var error = Assert.Throws<InvalidRequestException>(() => RequestJson.Parse(Say(json, name), RequestFiles.None));

            Assert.Equal(field, error.Field);
            Assert.Contains("may be used here", error.Problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_folder_is_not_left_by_any_field(string json, string field)
    {
        var inside = folder["inside"];
        Directory.CreateDirectory(Path.Combine(inside, "deep"));
        Directory.CreateDirectory(folder["inside-too"]);
        File.CreateSymbolicLink(Path.Combine(inside, "link.png"), "/etc/passwd");
        Directory.CreateSymbolicLink(Path.Combine(inside, "deep", "way"), folder.Path);
        string[] outside = ["/etc/passwd", "../a.png", "deep/../../a.png", "../inside-too/a.png", "..", "link.png", "deep/way/a.png", "a\\u0000.png"];
        foreach (var name in outside)
        {
            var error = Assert.Throws<InvalidRequestException>(() => RequestJson.Parse(Say(json, name), RequestFiles.Inside(inside)));

            Assert.Equal(field, error.Field);
        }
    }

    [Fact]
    public void What_lies_in_the_folder_is_found_by_its_path_there()
    {
        const string Json = """
            {"prompt":"a","subjects":[{"phrase":"a","references":["a.png","deep/../b.png"],"learned":["deep/c.pt"]}],"model":"./sd15","mask":"/MASK"}
            """;
        var request = RequestJson.Parse(Json.Replace("/MASK", folder["m.png"], StringComparison.Ordinal), RequestFiles.Inside(folder.Path));

        Assert.Equal([Reference.FromFile(folder["a.png"]), Reference.FromFile(folder["b.png"])], request.Subjects[0].References);
        Assert.Equal([folder["deep/c.pt"]], request.Subjects[0].Learned);
        Assert.Equal(folder["sd15"], request.Model);
        Assert.Equal(Reference.FromFile(folder["m.png"]), request.Mask);
    }

    [Fact]
    public void Pictures_inside_the_request_are_read_everywhere()
    {
        const string Json = $$$"""
            {"prompt":"a","subjects":[{"phrase":"a","references":["{{{Inline}}}"],
             "reference_masks":["{{{Inline}}}"],"place":{"mask":"{{{Inline}}}"}}],"image":"{{{Inline}}}"}
            """;

        var request = RequestJson.Parse(Json, RequestFiles.None);

        Assert.All(request.Pictures, item => Assert.Equal([1, 2], item.Picture.Bytes));
        Assert.Equal(4, request.Pictures.Count());
    }

    [Fact]
    public void A_host_says_itself_what_names_stand_for()
    {
        var files = RequestFiles.None with
        {
            Locate = text => text == "blob:1" ? "/blobs/1" : null,
            LocateModel = text => text == "small" ? "/models/small" : null,
        };

        var request = RequestJson.Parse("""{"prompt":"a","image":"blob:1","model":"small","loras":[{"file":"blob:1"}]}""", files);

        Assert.Equal(("/blobs/1", "/models/small", "/blobs/1"), (request.Image!.Path, request.Model, request.Loras[0].File));
        Assert.Throws<InvalidRequestException>(() => RequestJson.Parse("""{"prompt":"a","image":"small"}""", files));
    }

    [Fact]
    public void A_file_that_names_others_is_never_taken()
    {
        var error = Assert.Throws<InvalidRequestException>(
            () => RequestJson.Parse("""{"prompt":"a","layout":{"file":"guide.json"}}""", RequestFiles.Inside(folder.Path)));

        Assert.Equal("layout.file", error.Field);
    }

    private static string Say(string json, string name) => string.Format(null, json, name);
}
