namespace Dramatis.Server.Host;

/// <summary>A painter that a service has started ends with it: on a line from it politely, at once when the service is no more.</summary>
/// <remarks>It listens before anything else begins: a silo whose service is gone would wait for it for ever.</remarks>
internal sealed class ParentWatch
{
    /// <summary>Set for children; standard input is then the line to the parent.</summary>
    public const string Variable = "DRAMATIS_CHILD";

    private ParentWatch()
    {
    }

    /// <summary>What ends the process politely, once there is something to end.</summary>
    public Action? Stop { get; set; }

    /// <summary>Null for a painter that nobody has started.</summary>
    public static ParentWatch? Start()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 })
        {
            return null;
        }

        var watch = new ParentWatch();
        new Thread(watch.Listen) { IsBackground = true, Name = "parent" }.Start();
        return watch;
    }

    private void Listen()
    {
        while (Console.In.ReadLine() is not null)
        {
            if (Stop is null)
            {
                break;
            }

            Stop();
        }

        // What was at work is in the database, for the next service to take up; finalizers may wait for tensors.
        System.Diagnostics.Process.GetCurrentProcess().Kill();
    }
}
