using Dramatis.Errors;

namespace Dramatis.Tests.Errors;

public sealed class SpellingTests
{
    private static readonly string[] Known = ["ddim", "euler", "euler-ancestral", "dpmpp-2m", "dpmpp-2m-sde", "boxes", "whole"];

    [Theory]
    [InlineData("Euler", "euler")]
    [InlineData("eulre", "euler")]
    [InlineData("euler_ancestral", "euler-ancestral")]
    [InlineData("euler a", "euler-ancestral")]
    [InlineData("DPM++ 2M SDE", "dpmpp-2m-sde")]
    [InlineData("dpmpp-2m-karras", "dpmpp-2m")]
    [InlineData("box", "boxes")]
    [InlineData("ddmi", "ddim")]
    [InlineData("plms", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void The_name_that_is_meant_is_found_and_none_where_none_is_near(string name, string? expected) => Assert.Equal(expected, Spelling.Guess(name, Known));

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("lroa", "lora", 1)]
    [InlineData("same", "same", 0)]
    public void Letters_are_inserted_deleted_exchanged_and_swapped(string a, string b, int expected)
    {
        Assert.Equal(expected, Spelling.Distance(a, b));
        Assert.Equal(expected, Spelling.Distance(b, a));
    }
}
