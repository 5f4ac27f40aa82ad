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
    [InlineData("drain", "soon", "drain: has a value of the wrong kind")]
    [InlineData("painters", "-1", "painters: -1 is not between 0 and 64")]
    [InlineData("rehearse", "maybe", "rehearse: has a value of the wrong kind")]
    public void So_is_what_is_wrong_in_the_environment(string name, string value, string start) =>
        Assert.StartsWith(start, Assert.Throws<InvalidRequestException>(() => Read((name, value))).Message, StringComparison.Ordinal);

    private ServiceSettings Read(params (string Name, string Value)[] variables) => SettingsReader.Read(variable =>
        variable == SettingsReader.VariableOf("data") ? folder.FullName
        : Array.Find(variables, item => SettingsReader.VariableOf(item.Name) == variable).Value);
}
