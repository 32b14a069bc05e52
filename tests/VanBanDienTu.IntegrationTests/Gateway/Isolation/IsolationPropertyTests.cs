using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.IntegrationTests.Gateway.Isolation;

/// <summary>Whatever a unit asks about what is not its own, it is answered as if it asked for what never was. For every RPC there is.</summary>
public sealed class IsolationPropertyTests(TestNetwork network) : IClassFixture<TestNetwork>
{
    private static readonly int Worlds = Environment.GetEnvironmentVariable("VBDT_LONG") == "1" ? 20 : 1;
    private static readonly int IdsPerMethod = Environment.GetEnvironmentVariable("VBDT_LONG") == "1" ? int.MaxValue : 12;

    [Fact]
    public async Task Every_RPC_answers_for_anothers_id_as_for_one_that_never_was()
    {
        for (var i = 0; i < Worlds; i++)
        {
            var seed = Seed();
            await using var world = new IsolationWorld(network, seed);
            await world.StartAsync();
            var before = await world.StateAsync();
            var faults = new ConcurrentBag<string>();
            var asked = 0;
            await Parallel.ForEachAsync(Trials(world), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (trial, _) =>
            {
                Interlocked.Increment(ref asked);
                if (await FaultAsync(world, trial) is { } fault)
                    faults.Add($"seed {seed}: {fault}");
            });
            Assert.True(faults.IsEmpty, string.Join("\n\n", faults.Take(10).Select(fault => fault[..Math.Min(fault.Length, 2_000)])));
            Assert.True(asked > 500, $"Only {asked} questions were asked.");
            Assert.Equal(before, await world.StateAsync());
        }
    }

    [Fact]
    public async Task What_is_a_units_own_it_sees()
    {
        await using var world = new IsolationWorld(network, Seed());
        await world.StartAsync();
        foreach (var unit in IsolationWorld.Units)
        {
            var seen = (await AnyCall.AskAsync(world.Of(unit), "OutgoingService.List", new ListOutgoingRequest())).Seen
                + (await AnyCall.AskAsync(world.Of(unit), "IncomingService.List", new ListIncomingRequest())).Seen
                + (await AnyCall.AskAsync(world.Of(unit), "VerificationService.GetReport", new GetReportRequest { ReportId = world.ReportOf(unit) })).Seen;
            Assert.All(world.MarksOf(unit), own => Assert.Contains(own, seen, StringComparison.Ordinal)); // so their absence elsewhere says something
        }

        // Operators see how the node is, and nothing of any document; auditors see every proof.
        foreach (var name in new[] { "OperationsService.GetStatus", "OperationsService.ListQuarantine" })
        {
            var status = await AnyCall.AskAsync(world.Channel("operator"), name, (IMessage)Activator.CreateInstance(Method(name).InputType.ClrType)!);
            Assert.Equal(StatusCode.OK, status.Code);
            Assert.All(world.SecretsFrom(null), secret => Assert.DoesNotContain(secret, status.Seen, StringComparison.Ordinal));
        }

        foreach (var id in world.Ids)
        {
            foreach (var (what, name, request) in new (Opens, string, IMessage)[]
            {
                (Opens.Document, "AuditService.GetEvidence", new GetEvidenceRequest { DocumentId = id }),
                (Opens.Message, "AuditService.GetEvidence", new GetEvidenceRequest { MessageId = id }),
                (Opens.Document, "AuditService.GetBundle", new GetBundleRequest { DocumentId = id }),
                (Opens.Report, "VerificationService.GetReport", new GetReportRequest { ReportId = id }),
            })
            {
                foreach (var unit in IsolationWorld.Units.Where(unit => world.MayOpen(unit, what, id)))
                {
                    var own = await AnyCall.AskAsync(world.Of(unit), name, request);
                    var audited = await AnyCall.AskAsync(world.Channel("auditor"), name, request);
                    Assert.True(own.Code == audited.Code, $"{unit} is answered {own.Code} by {name} of {id}, the auditor {audited.Code}.");
                }
            }
        }
    }

    [Fact]
    public async Task The_table_has_a_row_for_every_RPC_and_the_node_serves_no_other()
    {
        Assert.Equal(AnyCall.Methods.Select(AnyCall.Name).Order(StringComparer.Ordinal), IsolationRows.Table.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(AnyCall.Methods.Select(AnyCall.Name).Order(StringComparer.Ordinal), Allowed.Keys.Order(StringComparer.Ordinal));
        var node = await network.StartAsync(network.Government("served"));
        using var channel = network.Channel(node.Address, null);
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        await call.ResponseStream.MoveNext(CancellationToken.None);
        var served = call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name);
        Assert.Equal(
            AnyCall.Methods.Select(m => m.Service.FullName).Distinct(StringComparer.Ordinal)
                .Concat(["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]).Order(StringComparer.Ordinal),
            served.Order(StringComparer.Ordinal));
    }

    // As protos/README.md says: s = a unit's system at its own node, f = the system of a unit that lives elsewhere, n = a node, o = an operator, a = an auditor.
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["OutgoingService.Submit"] = "s", ["OutgoingService.Get"] = "s", ["OutgoingService.List"] = "s", ["OutgoingService.Watch"] = "s",
        ["OutgoingService.Recall"] = "s", ["OutgoingService.Requeue"] = "s", ["IncomingService.List"] = "s", ["IncomingService.Get"] = "s",
        ["IncomingService.Watch"] = "s", ["IncomingService.Fetch"] = "s", ["IncomingService.ConfirmFetch"] = "s", ["IncomingService.Answer"] = "s",
        ["SigningService.Sign"] = "s", ["SigningService.SignBatch"] = "s", ["SigningService.PrepareSignature"] = "s", ["SigningService.CompleteSignature"] = "s",
        ["VerificationService.Verify"] = "sfnoa", ["VerificationService.VerifyBatch"] = "sfnoa", ["VerificationService.GetReport"] = "sfnoa",
        ["VerificationService.GetReportEvidence"] = "sfnoa", ["AuditService.GetEvidence"] = "sfa", ["AuditService.GetBundle"] = "sfa",
        ["AuditService.GetFigures"] = "sfa",
        ["OutgoingService.GetUpload"] = "s", ["AxisLinkService.GetUpload"] = "n",
        ["AxisLinkService.Deliver"] = "n", ["AxisLinkService.Hello"] = "sfnoa", ["DirectoryService.ListUnits"] = "sfnoa", ["DirectoryService.GetUnit"] = "sfnoa",
        ["OperationsService.GetStatus"] = "o", ["OperationsService.ListQuarantine"] = "o",
        ["AxisLinkService.ListExchanged"] = "n", ["AxisLinkService.FetchExchanged"] = "n",
        ["OperationsService.GetReconciliation"] = "o", ["OperationsService.AcceptDifference"] = "o",
    };

    [Fact]
    public async Task Each_role_is_let_in_exactly_where_the_contract_says()
    {
        var node = await network.StartAsync(network.Government("roles"));
        foreach (var (letter, key) in new[]
        {
            ('s', "system-H99"), ('f', "system-G99"), ('n', "node-ministry"), ('o', "operator"), ('a', "auditor"), ('-', "locked"), ('-', "system-G99.63"), ('-', null),
        })
        {
            using var channel = network.Channel(node.Address, key);
            await Parallel.ForEachAsync(AnyCall.Methods, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (method, _) =>
            {
                // A refusal is waited for however slow the machine is; a Watch that is let in stays open.
                var name = AnyCall.Name(method);
                var open = name.EndsWith(".Watch", StringComparison.Ordinal) && Allowed[name].Contains(letter);
                var answer = await AnyCall.AskAsync(channel, name, open ? AnyCall.Patience : AnyCall.Forever, [(IMessage)Activator.CreateInstance(method.InputType.ClrType)!]);
                var shut = answer.Reason is "ROLE_MISSING" or "NOT_SERVED_HERE" or "ORGAN_LOCKED" or "NOT_A_MEMBER" or "NO_CERTIFICATE";
                Assert.True(shut != Allowed[name].Contains(letter), $"{key} at {name}: {answer.Code} {answer.Reason}");
            });
        }
    }

    /// <summary>The same in every normal run; the long campaign rolls its own.</summary>
    private static int Seed() => Worlds == 1 ? 20261122 : Random.Shared.Next();

    private static MethodDescriptor Method(string name) => AnyCall.Methods.Single(m => AnyCall.Name(m) == name);

    private static List<(string Unit, string Method, int Place, Opens What, string Id)> Trials(IsolationWorld world)
    {
        var trials = new List<(string, string, int, Opens, string)>();
        foreach (var unit in IsolationWorld.Units.Append("G99"))
        {
            foreach (var (method, row) in IsolationRows.Table)
            {
                var ids = world.Ids.ToArray();
                world.Dice.Shuffle(ids);
                var places = row(AskerOf(world, unit), ids[0]).Select(a => a.What).ToList();
                for (var place = 0; place < places.Count; place++)
                {
                    // What would open something for another unit, first; then anything else that exists.
                    var chosen = ids.Where(id => !world.MayOpen(unit, places[place], id))
                        .OrderByDescending(id => places[place] != Opens.Nothing && IsolationWorld.Units.Any(other => world.MayOpen(other, places[place], id)))
                        .Take(method.EndsWith(".Watch", StringComparison.Ordinal) ? 4 : IdsPerMethod);
                    trials.AddRange(chosen.Select(id => (unit, method, place, places[place], id)));
                }
            }
        }

        return trials;
    }

    /// <summary>A stream that stays open may have said less on a busy machine: only what is still so with more patience is a fault.</summary>
    private static async Task<string?> FaultAsync(IsolationWorld world, (string Unit, string Method, int Place, Opens What, string Id) trial)
    {
        if (!trial.Method.EndsWith(".Watch", StringComparison.Ordinal))
            return await FaultAsync(world, trial, AnyCall.Forever);
        string? fault = null;
        for (var patience = AnyCall.Patience; patience < AnyCall.Forever; patience *= 8)
        {
            fault = await FaultAsync(world, trial, patience);
            if (fault is null || !fault.Contains(" can tell ", StringComparison.Ordinal))
                return fault;
        }

        return fault;
    }

    private static async Task<string?> FaultAsync(IsolationWorld world, (string Unit, string Method, int Place, Opens What, string Id) trial, TimeSpan patience)
    {
        var (unit, method, place, _, id) = trial;
        var never = Never(id);
        var asker = AskerOf(world, unit);
        var theirs = await AnyCall.AskAsync(world.Of(unit), method, patience, IsolationRows.Table[method](asker, id).ElementAt(place).Requests);
        var nobodys = await AnyCall.AskAsync(world.Of(unit), method, patience, IsolationRows.Table[method](asker, never).ElementAt(place).Requests);
        if (theirs.Plain(id) != nobodys.Plain(never))
            return $"{unit} can tell that {id} exists by {method} ({place}):\n{theirs.Plain(id)}\n--- but of {never}:\n{nobodys.Plain(never)}";
        var seen = theirs.Without(id);
        return world.SecretsFrom(unit).FirstOrDefault(secret => seen.Contains(secret, StringComparison.OrdinalIgnoreCase)) is { } told
            ? $"{unit} reads «{told}» by {method} ({place}) of {id}:\n{seen}" : null;
    }

    private static Asker AskerOf(IsolationWorld world, string unit) => new(unit, world.DocumentOf(unit), world.IncomingOf(unit), world.ReportOf(unit));

    /// <summary>Of the same shape, and never given to anything.</summary>
    private static string Never(string id) => string.Concat(id.Select(c => c switch
    {
        >= '0' and <= '9' => (char)('0' + Random.Shared.Next(10)),
        >= 'a' and <= 'f' => (char)('a' + Random.Shared.Next(6)),
        >= 'A' and <= 'Z' => (char)('A' + Random.Shared.Next(26)),
        _ => c,
    }));
}
