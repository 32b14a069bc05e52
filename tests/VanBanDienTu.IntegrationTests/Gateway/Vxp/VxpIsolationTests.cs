using System.Net.Http.Headers;
using System.Text.Json;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;

namespace VanBanDienTu.IntegrationTests.Gateway.Vxp;

/// <summary>Two systems exchange documents and statuses; a third tries every operation on every id, in every order that the dice give.</summary>
public sealed class VxpIsolationTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true }, // who the server is, other tests ask
    });

    [Fact]
    public async Task No_operation_reads_lists_answers_or_replays_what_is_another_units()
    {
        var hub = await StartAsync();
        var packet = VxpSystem.Sample("document.edxml");
        var sent = await SendAsync(hub, "13", "G13", "edoc", packet, """["H09"]""");
        var ids = new List<string> { sent.GetProperty("DocId").GetString()! };
        var waiting = await WaitAsync(hub, "09", "edoc");
        ids.Add(waiting);
        await AskAsync(hub, "09", VxpNames.UpdateStatus, null, ("docId", waiting), ("status", "done"));
        ids.Add(await WaitAsync(hub, "13", "status")); // 01
        var before = await StateAsync(hub);

        var seed = Environment.TickCount;
        var dice = new Random(seed);
        var trials = Operations(packet, ids).OrderBy(_ => dice.Next()).ToList();
        Assert.Equal(
            VxpNames.Operations.Except([VxpNames.RegisterAgency, VxpNames.DeleteAgency], StringComparer.Ordinal).Order(StringComparer.Ordinal),
            trials.Select(t => t.Operation).Distinct().Order(StringComparer.Ordinal)); // a new operation needs a row here
        foreach (var (operation, file, arguments, expected) in trials)
        {
            var answer = await AskAsync(hub, "77", operation, file, arguments);
            var text = answer.GetRawText();
            Assert.True(
                answer.GetProperty("ErrorCode").GetString() == expected && (expected != "0" || !ids.Exists(id => text.Contains(id, StringComparison.OrdinalIgnoreCase))),
                $"seed {seed}: {operation} {string.Join(' ', arguments)} answers {text}");
        }

        Assert.Equal(before, await StateAsync(hub));
    }

    /// <summary>Every operation, with every id that is not the spy's and in the name of every organ that is not.</summary>
    private static IEnumerable<(string Operation, string? File, (string, string)[] Arguments, string Expected)> Operations(string packet, List<string> ids)
    {
        foreach (var type in new[] { "edoc", "status" })
        {
            yield return (VxpNames.GetReceivedEdocList, null, [("servicetype", "eDoc"), ("messagetype", type)], "0");
            yield return (VxpNames.GetSentEdocList, null, [("servicetype", "eDoc"), ("messagetype", type)], "0");
        }

        foreach (var id in ids)
        {
            yield return (VxpNames.GetEdoc, null, [("docId", id), ("filePath", "x")], "10");
            yield return (VxpNames.DownloadEdoc, null, [("docId", id)], "10");
            foreach (var word in new[] { "initial", "processing", "done", "fail" })
                yield return (VxpNames.UpdateStatus, null, [("docId", id), ("status", word)], "10");
        }

        foreach (var organ in new[] { "G13", "H09", "G22" })
            yield return (VxpNames.SendEdoc, packet, [("from", organ), ("servicetype", "eDoc"), ("messagetype", "edoc")], "19");
        yield return (VxpNames.SendEdoc, packet, [("from", "K77"), ("servicetype", "eDoc"), ("messagetype", "edoc")], "19"); // the packet is G13's
        foreach (var code in new[] { "01", "02", "03", "06", "13", "15", "16" })
        {
            var status = VxpSystem.Sample("status-02.edxml").Replace(">02<", $">{code}<", StringComparison.Ordinal);
            yield return (VxpNames.SendEdoc, status, [("from", "K77"), ("servicetype", "eDoc"), ("messagetype", "status")], "19"); // the packet is H09's
            yield return (VxpNames.SendEdoc, status.Replace(">H09<", ">K77<", StringComparison.Ordinal),
                [("from", "K77"), ("servicetype", "eDoc"), ("messagetype", "status")], "10"); // its own packet, about another's document
        }

        foreach (var operation in new[]
        {
            VxpNames.CountReceiveEdoc, VxpNames.CountReceiveStatus, VxpNames.GetAgenciesList, VxpNames.GetAgenciesListQd20, VxpNames.GetSynchronizeUnit,
        })
            yield return (operation, null, [], "0");
    }

    private async Task<string> StateAsync(GatewayHost hub)
    {
        var seen = new List<string>();
        foreach (var system in new[] { "13", "09" })
            foreach (var operation in new[] { VxpNames.GetReceivedEdocList, VxpNames.GetSentEdocList })
                foreach (var type in new[] { "edoc", "status" })
                    seen.Add((await AskAsync(hub, system, operation, null, ("servicetype", "eDoc"), ("messagetype", type))).GetRawText());
        return string.Join('\n', seen);
    }

    private async Task<string> WaitAsync(GatewayHost hub, string system, string type)
    {
        for (var i = 0; i < 100; i++)
        {
            var list = (await AskAsync(hub, system, VxpNames.GetReceivedEdocList, null, ("servicetype", "eDoc"), ("messagetype", type))).GetProperty("data");
            if (list.GetArrayLength() > 0)
                return list[0].GetProperty("docId").GetString()!;
            await Task.Delay(50);
        }

        throw new TimeoutException($"No {type} came for {system}.");
    }

    private Task<JsonElement> SendAsync(GatewayHost hub, string system, string from, string type, string packet, string to) =>
        AskAsync(hub, system, VxpNames.SendEdoc, packet, ("from", from), ("servicetype", "eDoc"), ("messagetype", type), ("to", to));

    private async Task<JsonElement> AskAsync(GatewayHost hub, string system, string operation, string? file, params (string Name, string Value)[] arguments)
    {
        List<KeyValuePair<string, string>> headers = [new("systemid", system), .. arguments.Select(a => new KeyValuePair<string, string>(a.Name, a.Value))];
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.VxpAddress}/XrdAdapter/adapter/{operation}");
        if (file is not null)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(file);
            headers.Add(new("hash-file", HashFile.Write(System.Security.Cryptography.SHA256.HashData(bytes), HashFileEncoding.Legacy)));
            var part = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
            request.Content = new MultipartFormDataContent { { part, "file_doc", "packet.edxml" } };
        }

        headers.Add(new("timestamp", VxpTimestamp.Write(DateTimeOffset.UtcNow)));
        var signed = VxpSignature.Sign($"secret of {system}", headers);
        foreach (var (name, value) in headers.Append(new("sign-header-key", signed.Keys)).Append(new("sign-header", signed.Json)).Append(new("hash-header", signed.Hash)))
            request.Headers.TryAddWithoutValidation("XroadVnpt-" + name, value);
        using var response = await http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{operation}: HTTP {response.StatusCode}");
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    private async Task<GatewayHost> StartAsync()
    {
        var folder = "vxp-isolation-" + Guid.NewGuid();
        Directory.CreateDirectory(network[folder]);
        return await network.StartAsync(network.Government(Path.Combine(folder, "hub")) with
        {
            Vxp = new VxpConfig { Listen = "https://127.0.0.1:0", Systems = [System("13", "G13"), System("09", "H09"), System("77", "K77")] },
        });

        VxpSystemConfig System(string id, string organ)
        {
            File.WriteAllText(network[Path.Combine(folder, id)], $"secret of {id}\n");
            return new() { SystemId = id, SecretFile = network[Path.Combine(folder, id)], Organs = [new VxpOrganConfig { Organ = organ, Name = organ }] };
        }
    }
}
