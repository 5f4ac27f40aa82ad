using Dramatis.Errors;
using Dramatis.Server.Access;
using Dramatis.Server.Settings;
using Dramatis.Server.Tests.Storage;
using Microsoft.EntityFrameworkCore;

namespace Dramatis.Server.Tests.Access;

public sealed class KeyStoreTests : IAsyncLifetime
{
    private TestDatabase database = null!;
    private KeyStore keys = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        keys = new(database, TimeProvider.System);
    }

    public ValueTask DisposeAsync()
    {
        database.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_key_is_found_by_itself_until_it_is_revoked()
    {
        var key = (await AddAsync("anna")).Write();
        var other = (await AddAsync("berta")).Write();

        Assert.Equal(("anna", "berta"), ((await keys.FindAsync(key, Stop))!.Name, (await keys.FindAsync(other, Stop))!.Name));

        await keys.RevokeAsync("anna", Stop);

        Assert.Null(await keys.FindAsync(key, Stop));
        Assert.NotNull(await keys.FindAsync(other, Stop));
        Assert.Equal("name", (await Assert.ThrowsAsync<InvalidRequestException>(() => keys.RevokeAsync("anna", Stop))).Field);
    }

    [Fact]
    public async Task Half_a_key_opens_nothing()
    {
        var (anna, berta) = (await AddAsync("anna"), await AddAsync("berta"));

        Assert.Null(await keys.FindAsync(new SecretKey(anna.Id, berta.Secret).Write(), Stop));
    }

    [Fact]
    public async Task A_name_has_one_key_and_gets_another_after_it()
    {
        var first = await AddAsync("anna");

        Assert.Contains("revoke", (await Assert.ThrowsAsync<InvalidRequestException>(() => AddAsync("anna"))).Problem, StringComparison.Ordinal);

        await keys.RevokeAsync("anna", Stop);
        var second = await AddAsync("anna");

        Assert.Null(await keys.FindAsync(first.Write(), Stop));
        Assert.Equal("anna", (await keys.FindAsync(second.Write(), Stop))!.Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("anna berta")]
    [InlineData("../anna")]
    [InlineData("<b>")]
    public async Task What_is_no_name_is_refused(string name) =>
        Assert.Equal("name", (await Assert.ThrowsAsync<InvalidRequestException>(() => AddAsync(name))).Field);

    [Fact]
    public async Task The_database_knows_no_secret()
    {
        var key = await AddAsync("anna");
        await using var db = database.CreateDbContext();

        var row = await db.Keys.SingleAsync(Stop);

        Assert.Equal(key.Hash, row.Hash);
        Assert.DoesNotContain(Convert.ToHexStringLower(key.Secret), System.Text.Json.JsonSerializer.Serialize(row), StringComparison.Ordinal);
    }

    private Task<SecretKey> AddAsync(string name) => keys.AddAsync(new() { Action = KeyAction.Add, Name = name }, Stop);
}
