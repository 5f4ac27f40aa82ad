using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dramatis.Errors;
using Dramatis.Files;

namespace Dramatis.Tests.Files;

public sealed class DataFileTests : IDisposable
{
    private static readonly JsonSerializerOptions Strict = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    private readonly TemporaryFolder folder = new();

    private string File => folder["set.json"];

    public void Dispose() => folder.Dispose();

    // What a file says is told in our words: no type, no runtime's sentence.
    [Theory]
    [InlineData("[", "is no valid JSON (byte 2). Mend it.")]
    [InlineData("[\n{\"Name\": }]", "is no valid JSON (line 2, byte 10). Mend it.")]
    [InlineData("", "is no valid JSON (byte 1). Mend it.")]
    [InlineData("{}", "is not JSON of the form that is read here. Mend it.")]
    [InlineData("null", "is null. Mend it.")]
    [InlineData("[null]", "has a null in its list. Mend it.")]
    [InlineData("[{\"Name\": \"a\"}]", "[0] lacks Size. Mend it.")]
    [InlineData("[{}]", "[0] lacks Name, Size. Mend it.")]
    [InlineData("[{\"Name\": \"a\", \"Size\": \"b\"}]", "[0].Size has a value of the wrong kind. Mend it.")]
    [InlineData("[{\"Name\": null, \"Size\": 1}]", "[0].Name has a value of the wrong kind. Mend it.")]
    [InlineData("[{\"Nam\": \"a\", \"Size\": 1}]", "[0].Nam is unknown. Mend it.")]
    [InlineData("[{\"Size\": 2, \"Size\": 1}]", "[0].Size is given twice. Mend it.")]
    public void What_is_wrong_with_a_file_is_told_by_its_fields(string text, string problem)
    {
        System.IO.File.WriteAllText(File, text);

        Assert.Equal($"{File}: {problem}", Assert.Throws<InvalidDataSetException>(Read).Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_told()
    {
        System.IO.File.WriteAllBytes(File, [.. "[\""u8, 0xFF, .. "\"]"u8]);

        Assert.Contains("is not UTF-8 text", Assert.Throws<InvalidDataSetException>(Read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_or_a_folder_is_told()
    {
        Assert.Contains("there is no such file; check the path. Mend it.", Assert.Throws<InvalidDataSetException>(Read).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(File);
        Assert.Contains("is a folder", Assert.Throws<InvalidDataSetException>(Read).Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<Row> Read() =>
        DataFile.JsonList(File, (JsonTypeInfo<IReadOnlyList<Row>>)Strict.GetTypeInfo(typeof(IReadOnlyList<Row>)), "Mend it.");

    private sealed record Row(string Name, int Size);
}
