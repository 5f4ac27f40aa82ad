using System.Text.Json;
using Dramatis.Errors;
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
catch (DramatisException e)
{
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return 1;
}
catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
{
    await Console.Error.WriteLineAsync($"error: urls: {e.Message} Stop what listens there, or choose another with --urls.");
    return 1;
}
