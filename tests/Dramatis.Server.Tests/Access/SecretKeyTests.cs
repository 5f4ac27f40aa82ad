using System.Security.Cryptography;
using Dramatis.Server.Access;

namespace Dramatis.Server.Tests.Access;

public sealed class SecretKeyTests
{
    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var key = SecretKey.New();
        var again = SecretKey.Parse(key.Write())!;

        Assert.Equal((key.Id, key.Hash), (again.Id, again.Hash));
        Assert.True(again.Fits(key.Hash));
    }

    [Fact]
    public void It_has_256_bits_of_which_SHA_256_is_kept()
    {
        var key = SecretKey.New();

        Assert.Equal(256, key.Secret.Length * 8);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(key.Secret)), key.Hash);
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => SecretKey.New().Write()).Distinct().Count());
    }

    [Fact]
    public void One_bit_more_or_less_does_not_fit()
    {
        var key = SecretKey.New();

        Assert.All(Enumerable.Range(0, 256), bit =>
        {
            var other = (byte[])key.Secret.Clone();
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(new SecretKey(key.Id, other).Fits(key.Hash));
        });
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("dramatis_0123456789abcdef_")]
    [InlineData("dramatis_0123456789abcdeg_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("other_0123456789abcdef_0000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_key_is_none(string? text) => Assert.Null(SecretKey.Parse(text));

    [Fact]
    public void It_does_not_show_where_it_is_printed()
    {
        var key = SecretKey.New();

        Assert.DoesNotContain(key.Id, $"{key}", StringComparison.Ordinal);
    }
}
