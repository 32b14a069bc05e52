using System.CommandLine;
using System.Text.Json.Nodes;
using VanBanDienTu.Cli.Doctor;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Gateway.Config;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt doctor</c>: is this machine, and this node's configuration, fit to run? Each line says what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config", "-c") { Description = "cũng khám cấu hình của nút này và các nút lân cận / examine this node's file and its neighbours too", HelpName = "FILE" };
        var trust = new Option<string?>("--trust") { Description = "khám thư mục chứng thư gốc / examine this folder of roots", HelpName = "DIR" };
        var sample = new Option<bool>("--allow-sample-trust") { Description = "chấp nhận gốc mẫu / accept sample roots" };
        var json = Options.Json();
        return new Command("doctor", "Khám máy và cấu hình; mỗi dòng nói phải làm gì / Examine the machine and the configuration") { config, trust, sample, json }
            .WithExamples("doctor", "doctor --config demo-out/nodes/ministry.json")
            .Does(async (parsed, terminal, ct) =>
            {
                var shown = new JsonArray();
                var worst = Health.Ok;
                await foreach (var check in ChecksAsync(parsed.GetValue(config), parsed.GetValue(trust), parsed.GetValue(sample), ct))
                {
                    if (check.Health > worst) worst = check.Health;
                    if (parsed.GetValue(json)) shown.Add((JsonNode)Json(check));
                    else Show(check, terminal);
                }
                if (parsed.GetValue(json)) terminal.WriteJson(shown);
                return worst == Health.Bad ? ExitCode.Failed : ExitCode.Ok;
            });
    }

    private static async IAsyncEnumerable<Check> ChecksAsync(
        string? config, string? trust, bool allowSample, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var time = TimeProvider.System;
        yield return MachineChecks.Runtime();
        yield return MachineChecks.Clock(time);
        yield return MachineChecks.Font();
        if (trust is not null) yield return NodeChecks.TrustCheck(trust, allowSample);
        if (config is null)
        {
            yield return MachineChecks.FreeSpace(Environment.CurrentDirectory, 64L << 20);
            yield return MachineChecks.Durability(Environment.CurrentDirectory);
            yield break;
        }
        var (node, problem) = Load(config);
        if (node is null)
        {
            yield return problem!;
            yield break;
        }
        yield return Check.Ok("Cấu hình / config", $"{config}: nút / node {node.Node}, {node.Organ}");
        await foreach (var check in new NodeChecks(node, time).RunAsync(ct)) yield return check;
    }

    private static (NodeConfig? Config, Check? Problem) Load(string file)
    {
        try
        {
            return (NodeConfigFile.Load(file), null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return (null, Check.Bad("Cấu hình / config", e));
        }
    }

    private static void Show(Check check, Terminal terminal)
    {
        var mark = check.Health switch { Health.Ok => "OK  ", Health.Warning => "CHÚ Ý", _ => "HỎNG" };
        terminal.Out.WriteLine($"{mark,-6}{check.Name}: {check.Found}");
        if (check.WhatToDo.Length > 0) terminal.Out.WriteLine($"        → {check.WhatToDo}");
    }

    private static JsonObject Json(Check check) => new()
    {
        ["name"] = check.Name,
        ["health"] = check.Health switch { Health.Ok => "ok", Health.Warning => "warning", _ => "bad" },
        ["found"] = check.Found,
        ["whatToDo"] = check.WhatToDo,
    };
}
