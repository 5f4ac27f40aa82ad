using Dramatis.Errors;
using Dramatis.Server.Access;

namespace Dramatis.Server.Tests.Access;

public sealed class DoorwayTests
{
    [Theory]
    [InlineData("http://0.0.0.0:7865")]
    [InlineData("http://*:7865")]
    [InlineData("http://[::]:7865")]
    [InlineData("http://127.0.0.1:1, http://10.1.2.3:2")]
    [InlineData("http://example.org")]
    public void Others_reach_what_is_not_loopback(string urls) => Assert.False(Doorway.Of(new() { Urls = urls }, []).IsLocal);

    [Theory]
    [InlineData("127.0.0.1:7865")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("http://unix:/tmp/socket")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("")]
    public void What_is_no_address_is_refused(string urls) =>
        Assert.Equal("urls", Assert.Throws<InvalidRequestException>(() => Doorway.Of(new() { Urls = urls }, [])).Field);

    [Theory]
    [InlineData("paint example.org")]
    [InlineData("paint.example.org, https://other.example.org")]
    public void What_is_no_name_of_a_host_is_refused(string hosts) =>
        Assert.Equal("hosts", Assert.Throws<InvalidRequestException>(() => Doorway.Of(new() { Hosts = hosts }, [])).Field);

    [Fact]
    public void Loopback_is_for_this_machine_alone()
    {
        var door = Doorway.Of(new() { Urls = "http://127.0.0.1:1, http://localhost:2,https://[::1]:3" }, []);

        Assert.True(door.IsLocal);
        Assert.Equal(["http://127.0.0.1:1", "http://localhost:2", "https://[::1]:3"], door.Addresses);
        Assert.Equal(["localhost", "127.0.0.1", "[::1]"], door.Hosts);
    }

    [Fact]
    public void Addresses_of_Kestrels_own_settings_count() => Assert.False(Doorway.Of(new(), ["https://0.0.0.0:443"]).IsLocal);

    [Fact]
    public void Behind_a_proxy_others_reach_it_too() => Assert.False(Doorway.Of(new() { TrustedProxy = "127.0.0.1" }, []).IsLocal);

    [Fact]
    public void It_answers_to_its_addresses_and_to_names_it_is_told() =>
        Assert.Equal(
            ["localhost", "127.0.0.1", "[::1]", "paint.example.org", "10.1.2.3"],
            Doorway.Of(new() { Urls = "http://10.1.2.3:80", Hosts = "paint.example.org" }, []).Hosts);

    [Fact]
    public void On_all_cards_it_answers_to_each_of_them()
    {
        var hosts = Doorway.Of(new() { Urls = "http://0.0.0.0:80" }, []).Hosts;

        Assert.Contains(System.Net.Dns.GetHostName(), hosts, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("0.0.0.0", hosts);
        Assert.DoesNotContain("*", hosts);
    }
}
