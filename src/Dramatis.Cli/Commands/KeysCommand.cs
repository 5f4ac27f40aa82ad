using System.CommandLine;
using System.Text.Json;
using Dramatis.Cli.Host;
using Dramatis.Server.Settings;

namespace Dramatis.Cli.Commands;

/// <summary><c>dramatis keys</c>: who may ask a service. The service's own program does it, which has the database.</summary>
internal sealed class KeysCommand
{
    private readonly Argument<string> name = new("NAME") { Description = "Whose key it is: the owner of all that is asked for with it." };
    private readonly Option<string> role = new("--role")
    {
        Description = "What it opens: what is its owner's, or also the queue of all and the service's figures.",
        DefaultValueFactory = _ => "user",
    };

    private readonly Option<int?> maxQueue = new("--max-queue") { Description = "How many jobs of it may wait; as the service says when not given." };
    private readonly Option<double?> maxWork = new("--max-work")
    {
        Description = "The most work of one job: millions of pixels, times steps, times pictures; as the service says when not given.",
    };

    private readonly Option<bool> json = new("--json") { Description = "One JSON object a key instead of text." };

    public static Command Create() => new KeysCommand().Build();

    private Command Build()
    {
        role.AcceptOnlyFromAmong("user", "admin");
        return new(
            "keys",
            """
            Makes keys for a service, lists and revokes them, whether it runs or not. From the first one on nobody is answered without a key.

            Example: dramatis keys add anna
            """)
        {
            Build("add", "Makes a key and shows it this once.", "add anna --role admin", KeyAction.Add, name, role, maxQueue, maxWork),
            Build("list", "Lists whose keys there are; none can be read again.", "list --json", KeyAction.List, json),
            Build("revoke", "Takes a key's power, at once. What was asked for with it stays, for the next key of that name.", "revoke anna", KeyAction.Revoke, name),
        };
    }

    private Command Build(string verb, string says, string example, KeyAction action, params Symbol[] own)
    {
        var command = new Command(verb, $"{says}\n\nExample: dramatis keys {example}");
        var flags = ServiceFlags.Of("data", "database");
        foreach (var symbol in own)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            flags.Export(parsed);
            ServiceProgram.Become(KeyOrder.Command, JsonSerializer.Serialize(new KeyOrder
            {
                Action = action,
                Name = own.Contains(name) ? parsed.GetValue(name) : null,
                Role = own.Contains(role) && parsed.GetValue(role) == "admin" ? KeyRole.Admin : KeyRole.User,
                MaxQueue = own.Contains(maxQueue) ? parsed.GetValue(maxQueue) : null,
                MaxWork = own.Contains(maxWork) ? parsed.GetValue(maxWork) : null,
                IsJson = own.Contains(json) && parsed.GetValue(json),
            }));
        });
        return command;
    }
}
