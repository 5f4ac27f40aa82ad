using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dramatis.Benches.Service;

/// <summary>A PostgreSQL of its own in a temporary folder, to be killed and started again. It runs as an unprivileged user, which it insists on.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "dramatis";
    private const string Unprivileged = "nobody";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder;
    private readonly int port;
    private Process? process;

    private PostgresServer(DirectoryInfo folder, int port) => (this.folder, this.port) = (folder, port);

    /// <summary>The folder of PostgreSQL's programs; null where there are none.</summary>
    public static string? Programs { get; } = Find();

    /// <summary>Starts one that is empty.</summary>
    public static async Task<PostgresServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new PostgresServer(Directory.CreateTempSubdirectory("dramatis-postgres-"), FreePort());
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", [Unprivileged, server.folder.FullName], cancellationToken);
        }

        await server.RunAsOtherAsync("initdb", ["-D", server.Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], cancellationToken);
        await server.StartAgainAsync(cancellationToken);
        return server;
    }

    private string Data => Path.Combine(folder.FullName, "data");

    /// <summary>A connection to a new database.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"d{Guid.NewGuid():N}";
        await RunAsOtherAsync("createdb", ["-h", "127.0.0.1", "-p", Text(port), "-U", User, name], cancellationToken);
        return $"Host=127.0.0.1;Port={Text(port)};Username={User};Database={name}";
    }

    /// <summary>Kills it, as a machine without memory does; its own processes notice by themselves.</summary>
    public void Kill()
    {
        process!.Kill();
        process.WaitForExit();
    }

    /// <summary>Starts it, after it was killed: once the processes of the one before have ended.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(100, cancellationToken))
        {
            if (process is not { HasExited: false })
            {
                process?.Dispose();
                process = Process.Start(Command("postgres", ["-D", Data, "-p", Text(port), "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder.FullName}"]))!;
                process.ErrorDataReceived += (_, _) => { };    // read, so that it never waits for a reader
                process.BeginErrorReadLine();
                process.BeginOutputReadLine();
            }

            using var ask = Process.Start(Command("pg_isready", ["-h", "127.0.0.1", "-p", Text(port), "-q"]))!;
            await ask.WaitForExitAsync(cancellationToken);
            if (ask.ExitCode == 0 && !process.HasExited)
            {
                return;
            }
        }

        throw new TimeoutException($"PostgreSQL in {Data} does not start.");
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        for (var attempt = 0; attempt < 50 && folder.Exists; attempt++, folder.Refresh())
        {
            try
            {
                folder.Delete(recursive: true);
            }
            catch (IOException)
            {
                await Task.Delay(50);    // its processes are just ending
            }
        }
    }

    // Debian keeps them by version, and out of the way.
    private static string? Find() =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : [])
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .FirstOrDefault(programs => File.Exists(Path.Combine(programs, "postgres")) && File.Exists(Path.Combine(programs, "initdb")));

    private ProcessStartInfo Command(string program, IEnumerable<string> arguments)
    {
        var path = Path.Combine(Programs!, program);
        string[] line = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", Unprivileged, "--regid", "nogroup", "--clear-groups", path, .. arguments]
            : [path, .. arguments];
        return new(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.FullName };
    }

    private Task RunAsOtherAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(Command(program, arguments), cancellationToken);

    private static Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }, cancellationToken);

    private static async Task RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var run = Process.Start(start)!;
        var said = run.StandardError.ReadToEndAsync(cancellationToken);
        await run.StandardOutput.ReadToEndAsync(cancellationToken);
        await run.WaitForExitAsync(cancellationToken);
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)}: {await said}");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
