using Dramatis.Errors;
using Dramatis.Server.Settings;

namespace Dramatis.Server.Tests.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_environment_goes_before_the_file_and_the_file_before_what_is_usual()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "dramatis.json"), """{ "max_queue": 7, "drain": 3, "role": "api" }""");

        var settings = Read(("max_queue", "9"), ("rehearse", "true"));

        Assert.Equal((9, 3, ServiceRole.Api, true, 200), (settings.MaxQueue, settings.Drain, settings.Role, settings.Rehearse, settings.MaxQueuePerOwner));
    }

    [Fact]
    public void Names_of_models_are_kept_in_the_data_folder() => Assert.Equal(Path.Combine(folder.FullName, "models"), Read().Models);

    [Theory]
    [InlineData("""{ "max_queues": 7 }""", "max_queues: is unknown; did you mean \"max_queue\"?")]
    [InlineData("""{ "max_queue": 0 }""", "max_queue: 0 is not between 1 and")]
    [InlineData("""{ "max_queue": "many" }""", "max_queue: has a value of the wrong kind")]
    [InlineData("""{ "role": "king" }""", "role: \"king\" is unknown")]
    public void What_is_wrong_is_told_by_the_setting_s_name(string file, string start)
    {
        File.WriteAllText(Path.Combine(folder.FullName, "dramatis.json"), file);

        Assert.StartsWith(start, Assert.Throws<InvalidRequestException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drain", "soon", "drain: \"soon\" is no whole number")]
    [InlineData("max_work", "much", "max_work: \"much\" is no number")]
    [InlineData("role", "king", "role: \"king\" is unknown")]
    [InlineData("device", "tpu", "device: \"tpu\" is no device")]
    [InlineData("device", "cuda:x", "device: \"cuda:x\" is no device")]
    [InlineData("precision", "fp8", "precision: \"fp8\" is unknown")]
    [InlineData("painters", "-1", "painters: -1 is not between 0 and 64")]
    [InlineData("rehearse", "maybe", "rehearse: \"maybe\" is neither true nor false")]
    public void So_is_what_is_wrong_in_the_environment(string name, string value, string start) =>
        Assert.StartsWith(start, Assert.Throws<InvalidRequestException>(() => Read((name, value))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "dramatis.json: is not valid JSON (line 1, byte 1). It is empty.")]
    [InlineData("{ \"max_queue\": 7, }", "dramatis.json: is not valid JSON (line 1, byte 19). A comma is too many there")]
    [InlineData("[]", "dramatis.json: is not an object of settings")]
    [InlineData("null", "dramatis.json: is null; it must be an object of settings")]
    [InlineData("{ \"max_queue\": 7, \"max_queue\": 8 }", "max_queue: is given twice")]
    [InlineData("{ \"data\": \"/tmp\" }", "data: cannot stand in ")]
    public void A_broken_file_is_told_in_one_sentence_that_names_it(string file, string problem)
    {
        File.WriteAllText(Path.Combine(folder.FullName, "dramatis.json"), file);

        var message = Assert.Throws<InvalidRequestException>(() => Read()).Message;

        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_file_s_place_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(folder.FullName, "dramatis.json"));

        Assert.Contains("dramatis.json: is a folder", Assert.Throws<InvalidRequestException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_where_names_of_models_should_be_is_refused()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "models"), "");

        Assert.StartsWith("models: ", Assert.Throws<InvalidRequestException>(() => Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_that_are_nearly_settings_are_noticed_and_others_are_not() => Assert.Equal(
        [("DRAMATIS_MAX_QUEU", "DRAMATIS_MAX_QUEUE"), ("DRAMATIS_PAINTER", "DRAMATIS_PAINTERS")],
        SettingsReader.Unknown(["DRAMATIS_MAX_QUEU", "DRAMATIS_MAX_QUEUE", "DRAMATIS_PAINTER", "DRAMATIS_STACK", "DRAMATIS_LIBTORCH", "PATH"]));

    private ServiceSettings Read(params (string Name, string Value)[] variables) => SettingsReader.Read(variable =>
        variable == SettingsReader.VariableOf("data") ? folder.FullName
        : Array.Find(variables, item => SettingsReader.VariableOf(item.Name) == variable).Value);
}
