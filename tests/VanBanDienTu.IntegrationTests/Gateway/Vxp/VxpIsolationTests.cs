using System.Net.Http.Headers;
using System.Text.Json;
using VanBanDienTu.Axis.Vxp;
using VanBanDienTu.Gateway.Config;
using VanBanDienTu.Gateway.Hosting;
using VanBanDienTu.TestKit;

namespace VanBanDienTu.IntegrationTests.Gateway.Vxp;

/// <summary>Two systems exchange documents and statuses; a third tries every operation on every id, in every order that the dice give.</summary>
public sealed class VxpIsolationTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    private static readonly Lock Gate = new();
    private static DateTimeOffset _last;

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

        const int seed = 20261122;
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

    [Fact]
    public async Task For_every_operation_anothers_id_is_as_one_that_never_was()
    {
        var (hub, seed) = (await StartAsync(), 20261122);
        var (dice, own, marks) = (new Random(seed), new HashSet<(string System, string Id)>(), new List<(string System, string Mark)>());
        (string System, string Organ)[] systems = [("13", "G13"), ("09", "H09"), ("77", "K77")];
        for (var i = 0; i < 6; i++)
            await ExchangeAsync(hub, dice, i, systems, own, marks);
        Assert.Equal("0", (await RegisterAsync(hub, "13", "G13.7")).GetProperty("ErrorCode").GetString());
        own.Add(("13", "G13.7"));

        Assert.Equal(VxpNames.Operations.Order(StringComparer.Ordinal), Uses.Keys.Order(StringComparer.Ordinal)); // a new operation needs a row
        var before = await StateAsync(hub);
        foreach (var (system, organ) in systems)
        {
            foreach (var id in own.Select(o => o.Id).Distinct(StringComparer.Ordinal).Where(id => !own.Contains((system, id))))
            {
                var never = string.Concat(id.Select(c => char.IsAsciiDigit(c) ? (char)('0' + dice.Next(10)) : c is >= 'a' and <= 'f' ? (char)('a' + dice.Next(6)) : c));
                // Who is a unit is in everybody's directory; whose it is decides who may write it there.
                foreach (var (operation, uses) in Uses.Where(use => id != "G13.7" || use.Key is VxpNames.RegisterAgency or VxpNames.DeleteAgency))
                {
                    foreach (var (theirs, nobodys) in uses(organ, id).Zip(uses(organ, never)))
                    {
                        var answers = (Theirs: Plain(await UseAsync(hub, system, operation, theirs), id), Nobodys: Plain(await UseAsync(hub, system, operation, nobodys), never));
                        Assert.True(answers.Theirs == answers.Nobodys, $"seed {seed}: {system} can tell that {id} exists by {operation}:\n{answers.Theirs}\n{answers.Nobodys}");
                        Assert.DoesNotContain(marks, m => m.System != system && !marks.Contains((system, m.Mark)) && answers.Theirs.Contains(m.Mark, StringComparison.Ordinal));
                    }
                }
            }
        }

        Assert.Equal(before, await StateAsync(hub));
    }

    private static readonly Dictionary<string, Func<string, string, IEnumerable<(string? File, (string, string)[] Arguments)>>> Uses = new(StringComparer.Ordinal)
    {
        [VxpNames.GetReceivedEdocList] = (_, _) => Lists(),
        [VxpNames.GetSentEdocList] = (_, _) => Lists(),
        [VxpNames.CountReceiveEdoc] = (_, _) => [(null, [])],
        [VxpNames.CountReceiveStatus] = (_, _) => [(null, [])],
        [VxpNames.GetAgenciesList] = (_, _) => [(null, [])],
        [VxpNames.GetAgenciesListQd20] = (_, _) => [(null, [])],
        [VxpNames.GetSynchronizeUnit] = (_, _) => [(null, [])],
        [VxpNames.GetEdoc] = (_, id) => [(null, [("docId", id), ("filePath", "x")])],
        [VxpNames.DownloadEdoc] = (_, id) => [(null, [("docId", id)])],
        [VxpNames.UpdateStatus] = (_, id) => new[] { "initial", "processing", "done", "fail" }.Select(word => ((string?)null, new[] { ("docId", id), ("status", word) })),
        [VxpNames.SendEdoc] = (organ, id) => new[] { "01", "02", "03", "06", "13", "15", "16" }.Select(code => ((string?)VxpSystem.Sample("status-02.edxml")
            .Replace(">02<", $">{code}<", StringComparison.Ordinal).Replace(">H09<", $">{organ}<", StringComparison.Ordinal)
            .Replace(">1234/BTNMT-KHTC<", $">{id}<", StringComparison.Ordinal).Replace(">G13,2024/11/21,1234/BTNMT-KHTC<", $">{id}<", StringComparison.Ordinal),
            new[] { ("from", organ), ("servicetype", "eDoc"), ("messagetype", "status") })),
        [VxpNames.RegisterAgency] = (_, id) => [($$"""{"code":"{{id}}","name":"x"}""", [])],
        [VxpNames.DeleteAgency] = (_, id) => [(null, [("AgencyCode", id)])],
    };

    private static IEnumerable<(string?, (string, string)[])> Lists() =>
        [(null, [("servicetype", "eDoc"), ("messagetype", "edoc")]), (null, [("servicetype", "eDoc"), ("messagetype", "status")])];

    private static string Plain(JsonElement answer, string asked) => answer.GetRawText().Replace(asked, "‹asked›", StringComparison.OrdinalIgnoreCase);

    private Task<JsonElement> UseAsync(GatewayHost hub, string system, string operation, (string? File, (string, string)[] Arguments) use) =>
        operation == VxpNames.RegisterAgency ? RegisterAsync(hub, system, use.File!.Split('"')[3]) : AskAsync(hub, system, operation, use.File, use.Arguments);

    /// <summary>One document from one system to one or two others, fetched or not, answered or not; and whose every id is.</summary>
    private async Task ExchangeAsync(
        GatewayHost hub, Random dice, int number, (string System, string Organ)[] systems, HashSet<(string, string)> own, List<(string, string)> marks)
    {
        var order = systems.ToArray();
        dice.Shuffle(order);
        var (sender, recipients) = (order[0], order[1..(1 + dice.Next(1, 3))]);
        var (mark, edxml) = ($"dấu{dice.Next():x8}vết", $"{sender.Organ},2024/11/21,{9000 + number}{dice.Next(100, 999)}/X");
        var packet = VxpSystem.Sample("document.edxml")
            .Replace(">G13<", ">0<", StringComparison.Ordinal).Replace(">G22<", ">1<", StringComparison.Ordinal).Replace(">H09<", ">2<", StringComparison.Ordinal)
            .Replace("OrganId>0<", $"OrganId>{sender.Organ}<", StringComparison.Ordinal).Replace("OrganId>1<", $"OrganId>{order[1].Organ}<", StringComparison.Ordinal)
            .Replace("OrganId>2<", $"OrganId>{order[2].Organ}<", StringComparison.Ordinal).Replace(">G13,2024/11/21,1234/BTNMT-KHTC<", $">{edxml}<", StringComparison.Ordinal)
            .Replace(">V/v báo cáo", $">{mark} báo cáo", StringComparison.Ordinal);
        var sent = await SendAsync(hub, sender.System, sender.Organ, "edoc", packet, $"[{string.Join(',', recipients.Select(r => $"\"{r.Organ}\""))}]");
        own.Add((sender.System, sent.GetProperty("DocId").GetString()!));
        own.Add((sender.System, edxml));
        marks.Add((sender.System, mark));
        foreach (var recipient in recipients)
        {
            var arrived = await WaitAsync(hub, recipient.System, "edoc", own.Where(o => o.Item1 == recipient.System).Select(o => o.Item2).ToHashSet(StringComparer.Ordinal));
            own.Add((recipient.System, arrived));
            own.Add((recipient.System, edxml));
            own.Add((sender.System, arrived)); // the delivery's id, as its sender's list shows it; it opens nothing for him
            marks.Add((recipient.System, mark));
            if (dice.Next(2) == 0)
                continue;
            await AskAsync(hub, recipient.System, VxpNames.UpdateStatus, null, ("docId", arrived), ("status", "done"));
            var status = await WaitAsync(hub, sender.System, "status", own.Where(o => o.Item1 == sender.System).Select(o => o.Item2).ToHashSet(StringComparer.Ordinal));
            own.Add((sender.System, status));
            own.Add((recipient.System, status)); // it stands in the list of what it sent
        }
    }

    private async Task<JsonElement> RegisterAsync(GatewayHost hub, string system, string code) =>
        await AskAsync(hub, system, VxpNames.RegisterAgency, $$"""{"code":"{{code}}","name":"Đơn vị {{code}}"}""", json: true);

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

    /// <summary>What the systems see when nothing is on its way any more.</summary>
    private async Task<string> StateAsync(GatewayHost hub)
    {
        for (var patience = new Patience(); ;)
        {
            var state = await SeenAsync(hub);
            if (!patience.Lasts || !state.Contains("\"sendStatus\":\"processing\"", StringComparison.Ordinal))
                return state;
            await Task.Delay(50);
        }
    }

    private async Task<string> SeenAsync(GatewayHost hub)
    {
        var seen = new List<string>();
        foreach (var system in new[] { "13", "09" })
            foreach (var operation in new[] { VxpNames.GetReceivedEdocList, VxpNames.GetSentEdocList })
                foreach (var type in new[] { "edoc", "status" })
                    seen.Add((await AskAsync(hub, system, operation, null, ("servicetype", "eDoc"), ("messagetype", type))).GetRawText());
        return string.Join('\n', seen);
    }

    private async Task<string> WaitAsync(GatewayHost hub, string system, string type, HashSet<string>? known = null)
    {
        for (var patience = new Patience(); patience.Lasts;)
        {
            var list = (await AskAsync(hub, system, VxpNames.GetReceivedEdocList, null, ("servicetype", "eDoc"), ("messagetype", type))).GetProperty("data");
            if (list.EnumerateArray().Select(p => p.GetProperty("docId").GetString()!).FirstOrDefault(id => known?.Contains(id) != true) is { } found)
                return found;
            await Task.Delay(50);
        }

        throw new TimeoutException($"No {type} came for {system}.");
    }

    private Task<JsonElement> SendAsync(GatewayHost hub, string system, string from, string type, string packet, string to) =>
        AskAsync(hub, system, VxpNames.SendEdoc, packet, ("from", from), ("servicetype", "eDoc"), ("messagetype", type), ("to", to));

    private Task<JsonElement> AskAsync(GatewayHost hub, string system, string operation, string? file, params (string Name, string Value)[] arguments) =>
        AskAsync(hub, system, operation, file, json: false, arguments);

    private async Task<JsonElement> AskAsync(
        GatewayHost hub, string system, string operation, string? file, bool json, params (string Name, string Value)[] arguments)
    {
        List<KeyValuePair<string, string>> headers = [new("systemid", system), .. arguments.Select(a => new KeyValuePair<string, string>(a.Name, a.Value))];
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{hub.VxpAddress}/XrdAdapter/adapter/{operation}");
        if (json)
        {
            request.Content = new StringContent(file!, System.Text.Encoding.UTF8, "application/json");
        }
        else if (file is not null)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(file);
            headers.Add(new("hash-file", HashFile.Write(System.Security.Cryptography.SHA256.HashData(bytes), HashFileEncoding.Legacy)));
            var part = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
            request.Content = new MultipartFormDataContent { { part, "file_doc", "packet.edxml" } };
        }

        headers.Add(new("timestamp", VxpTimestamp.Write(Now())));
        var signed = VxpSignature.Sign($"secret of {system}", headers);
        foreach (var (name, value) in headers.Append(new("sign-header-key", signed.Keys)).Append(new("sign-header", signed.Json)).Append(new("hash-header", signed.Hash)))
            request.Headers.TryAddWithoutValidation("XroadVnpt-" + name, value);
        using var response = await http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{operation}: HTTP {response.StatusCode}");
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    /// <summary>The time; each millisecond is given once, since two requests of one may not carry two bodies.</summary>
    private static DateTimeOffset Now()
    {
        lock (Gate)
            return _last = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), _last.ToUnixTimeMilliseconds() + 1));
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
