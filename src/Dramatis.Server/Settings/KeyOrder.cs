using System.Text.Json.Serialization;

namespace Dramatis.Server.Settings;

/// <summary>What <c>dramatis keys</c> is to do; it goes from the command line to the service's program as JSON.</summary>
/// <remarks>The command line compiles this file too: it must need nothing of the web.</remarks>
internal sealed record KeyOrder
{
    /// <summary>What the service's program is called with before the order.</summary>
    public const string Command = "keys";

    public required KeyAction Action { get; init; }

    /// <summary>Whose key it is: the owner of all that is asked for with it.</summary>
    public string? Name { get; init; }

    public KeyRole Role { get; init; }

    /// <summary>How many jobs may wait; null for what the service lets everyone have.</summary>
    public int? MaxQueue { get; init; }

    /// <summary>The most work of one job; null for what the service lets everyone have.</summary>
    public double? MaxWork { get; init; }

    /// <summary>A list as JSON, an object a line.</summary>
    public bool IsJson { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<KeyAction>))]
internal enum KeyAction
{
    Add,
    List,
    Revoke,
}

/// <summary>What a key opens.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeyRole>))]
internal enum KeyRole
{
    /// <summary>What belongs to its owner.</summary>
    User,

    /// <summary>The queue of all, and figures of the service, beside that.</summary>
    Admin,
}
