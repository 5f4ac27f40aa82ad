using System.Net;
using System.Net.Sockets;
using Dramatis.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Tests.Host;

/// <summary>A service that cannot start says why in one line, with exit code 1, and starts no painter.</summary>
public sealed class StartTests : IDisposable
{
    private const string Free = "http://127.0.0.1:0";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dramatis-test-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Another_program_on_its_address()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";

        await FailsAsync($"error: urls: another program listens on {url}; stop it, or choose another address with --urls.", ("urls", url));
    }

    [Fact]
    public Task Https_without_a_certificate() =>
        FailsAsync(
            "error: urls: https://127.0.0.1:0 needs a certificate that can be read; name one in Kestrel__Certificates__Default__Path", ("urls", "https://127.0.0.1:0"));

    [Fact]
    public Task A_data_folder_below_a_file()
    {
        var file = Path.Combine(folder.FullName, "file");
        File.WriteAllText(file, "");

        return FailsAsync(
            $"error: cannot write {file}/data/blobs: {file} is a file, where a folder is wanted; choose another name.", ("data", Path.Combine(file, "data")));
    }

    [Fact]
    public Task A_broken_file_of_settings()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "dramatis.json"), "{ 'max_queue': 7 }");

        return FailsAsync($"error: {folder.FullName}/dramatis.json: is not valid JSON (line 1, byte 3). Names and texts stand in double quotation marks.");
    }

    [Fact]
    public Task A_setting_out_of_range() => FailsAsync("error: max_queue: 0 is not between 1 and 1000000.", ("max_queue", "0"));

    [Fact]
    public Task A_damaged_database()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "service.db"), new string('x', 5000));

        return FailsAsync("error: data: its service.db is damaged, or no database. Put a backup in its place");
    }

    [Fact]
    public async Task A_database_of_a_newer_release()
    {
        var path = Path.Combine(folder.FullName, "service.db");
        var options = new DbContextOptionsBuilder<ServiceDb>().UseSqlite($"Data Source={path};Pooling=False").Options;
        await using (var db = new ServiceDb(options))
        {
            await db.Database.ExecuteSqlRawAsync(
                """
                create table __EFMigrationsHistory (MigrationId text primary key, ProductVersion text not null);
                insert into __EFMigrationsHistory values ('9999_from_tomorrow', '99.0');
                """,
                TestContext.Current.CancellationToken);
        }

        await FailsAsync("error: data: its tables are those of a newer release of Dramatis (9999_from_tomorrow). Start that release, or give another place.");
    }

    [Fact]
    public Task A_server_of_databases_that_is_not_there() =>
        FailsAsync("error: database: PostgreSQL does not answer as it should: ", ("database", "Host=127.0.0.1;Port=1;Database=x;Username=y;Timeout=5"));

    [Fact]
    public Task A_painter_whose_service_is_not_there() =>
        FailsAsync("error: cluster: no service answers at 127.0.0.1:1; start it first.", ("role", "painter"), ("cluster", "127.0.0.1:1"));

    private async Task FailsAsync(string start, params (string Name, string Value)[] settings)
    {
        var (code, error) = await RunningService.FailAsync(folder.FullName, [("urls", Free), .. settings]);

        Assert.StartsWith(start, error, StringComparison.Ordinal);
        Assert.Equal((1, 1), (code, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
    }
}
