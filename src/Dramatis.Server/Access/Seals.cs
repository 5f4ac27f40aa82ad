using System.Xml.Linq;
using Dramatis.Server.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Dramatis.Server.Access;

/// <summary>What cookies are sealed with, in the database: every process that answers opens what another has sealed.</summary>
internal sealed class Seals(FactStore facts) : IXmlRepository
{
    private const string Prefix = "seal ";

    public IReadOnlyCollection<XElement> GetAllElements() => [.. facts.All(Prefix).Select(text => XElement.Parse(text))];

    public void StoreElement(XElement element, string friendlyName) =>
        facts.SetAsync(Prefix + friendlyName, element.ToString(SaveOptions.DisableFormatting)).GetAwaiter().GetResult();    // the interface waits
}
