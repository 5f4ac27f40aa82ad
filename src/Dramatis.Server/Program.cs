using System.Text.Json;
using Dramatis.Cli.Host;
using Dramatis.Server.Host;
using Dramatis.Server.Settings;

try
{
    var settings = SettingsReader.Read(Environment.GetEnvironmentVariable);
    if (args is [KeyOrder.Command, var order])
    {
        await KeyCommand.RunAsync(settings, JsonSerializer.Deserialize<KeyOrder>(order)!);
        return 0;
    }

    await (settings.Role == ServiceRole.Painter ? PainterHost.RunAsync(settings) : ApiHost.RunAsync(settings));
    return 0;
}
catch (Exception e)
{
    return Failure.Of(e).Tell();
}
