using System.CommandLine;
using VanBanDienTu.Cli.Client;
using VanBanDienTu.Cli.Terminals;
using VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Cli.Commands;

/// <summary><c>vbdt recall</c>: the sender takes a document back (lấy lại, 13).</summary>
internal static class RecallCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "mã văn bản đi / document id" };
        var reason = new Option<string>("--reason", "-m") { Description = "lý do / why", Required = true };
        var to = new Option<string[]>("--to") { Description = "chỉ những nơi nhận này / only these recipients", HelpName = "ORGAN" };
        var json = Options.Json();
        var command = new Command("recall", "Lấy lại văn bản đã gửi / Take back a document") { id, reason, to, json };
        var node = new NodeOptions(command);
        return command.WithExamples("recall 0b3c… --reason \"Ban hành nhầm phụ lục\"").Does(async (parsed, terminal, ct) =>
        {
            using var connection = NodeConnection.Open(node.Read(parsed), TimeProvider.System);
            var request = new RecallRequest { DocumentId = parsed.GetRequiredValue(id), Reason = parsed.GetRequiredValue(reason) };
            request.Recipients.AddRange((parsed.GetValue(to) ?? []).SelectMany(t => t.Split(',')));
            var answer = await connection.Outgoing.RecallAsync(request, cancellationToken: ct);
            if (parsed.GetValue(json)) terminal.WriteJson(answer);
            else
            {
                foreach (var d in answer.Deliveries)
                    terminal.Out.WriteLine($"{d.Recipient.OrganId}: {StateWords.Vi(d.State)} {StateWords.Request(d.Request)}");
            }
            return ExitCode.Ok;
        });
    }
}
