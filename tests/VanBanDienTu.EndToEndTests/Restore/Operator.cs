using System.Text.Json;
using VanBanDienTu.Cli.Nodes;
using VanBanDienTu.EndToEndTests.Commands;
using VanBanDienTu.EndToEndTests.Nodes;

namespace VanBanDienTu.EndToEndTests.Restore;

/// <summary>Who runs a restored node asks it, by <c>vbdt reconcile</c>, how far it is with its neighbours.</summary>
internal static class Operator
{
    /// <summary>Pending, Done or Accepted for each neighbour.</summary>
    public static async Task<IReadOnlyList<string>> StatesAsync(ThreeNodes nodes, SampleNode node, Uri gateway) =>
        [.. Links(await ReconcileAsync(nodes, node, gateway)).Select(l => l.GetProperty("state").GetString()!)];

    /// <summary>Waits until every neighbour was asked; nothing may be left that could not be put back.</summary>
    public static async Task DoneAsync(ThreeNodes nodes, SampleNode node, Uri gateway, CancellationToken ct) =>
        Assert.Empty(await DifferencesAsync(nodes, node, gateway, ct));

    /// <summary>Waits until every neighbour was asked; something was put back, and this could not be.</summary>
    public static async Task<IReadOnlyList<JsonElement>> DifferencesAsync(ThreeNodes nodes, SampleNode node, Uri gateway, CancellationToken ct)
    {
        while (true)
        {
            var said = await ReconcileAsync(nodes, node, gateway);
            if (Links(said).All(l => l.GetProperty("state").GetString() == "Done"))
            {
                Assert.Contains(Links(said), l => long.Parse(l.GetProperty("recovered").GetString()!, System.Globalization.CultureInfo.InvariantCulture) > 0);
                return said.TryGetProperty("differences", out var differences) ? [.. differences.EnumerateArray()] : [];
            }

            await Task.Delay(200, ct);
        }
    }

    private static JsonElement.ArrayEnumerator Links(JsonElement said) => said.GetProperty("links").EnumerateArray();

    private static async Task<JsonElement> ReconcileAsync(ThreeNodes nodes, SampleNode node, Uri gateway)
    {
        var caller = nodes.Network.AuditorOf(node);
        var answer = await SamplePki.RunAsync(
            "reconcile", "--json", "--node", gateway.ToString(), "--cert", caller.CertificateFile, "--password-file", nodes.Authority.PasswordFile,
            "--trust", caller.TrustFolder, "--allow-sample-trust");
        Assert.True(answer.ExitCode == 0, answer.ToString());
        return answer.Json;
    }
}
