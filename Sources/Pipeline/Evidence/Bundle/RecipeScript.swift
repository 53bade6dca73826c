import Canon
import Experiment
import LocalStore
import Run
import System

/// A POSIX script of every recipe: commands as they are, all other kinds through `bitlaw`.
struct RecipeScript {
    private let recipes: [BundleWriter.Recipe]
    private let experiment: String

    init(_ recipes: [BundleWriter.Recipe], experiment: String) {
        self.recipes = recipes
        self.experiment = experiment
    }

    var text: String {
        var text = """
            #!/bin/sh
            # Makes the results of this bundle again and compares their digests.
            #
            #   sh recipes.sh             every action, in order
            #   sh recipes.sh ACTION...   these alone
            #
            # Actions of kind `command` run as written here. Every other kind needs the program bitlaw
            # (BITLAW names it), which makes the action and what it needs, and compares it with the lock
            # file. Exit code 4 where bits differ. WORK names the folder to work in.
            set -eu
            here=$(cd "$(dirname "$0")" && pwd)
            work=${WORK:-$(mktemp -d)}
            mkdir -p "$work/made"
            LC_ALL=C.UTF-8 TZ=UTC
            export LC_ALL TZ
            status=0

            # place DIGEST PATH: an input, from the data of the bundle or from what was made before.
            place() {
              if [ -f "$here/data/$1" ]; then cp "$here/data/$1" "$2"; else cp "$work/made/$1" "$2"; fi
            }

            # check FILE DIGEST ACTION
            check() {
              found=$(sha256sum <"$1")
              found=${found%% *}
              cp "$1" "$work/made/$found"
              if [ "$found" = "$2" ]; then
                echo "identical  $3"
              else
                echo "differs    $3: expected $2, found $found"
                status=4
              fi
            }

            # native ACTION: what bitlaw itself computes.
            native() {
              if "${BITLAW:-bitlaw}" run "$here/\(experiment)" "$1" --locked --store "$work/store" \
            --quiet; then
                echo "identical  $1"
              else
                echo "differs    $1"
                status=4
              fi
            }

            """
        for (number, recipe) in recipes.enumerated() { text += function(number, recipe) }
        text += "\nmake() {\n  case $1 in\n"
        for (number, recipe) in recipes.enumerated() {
            text += "    \(RecipeScript.quoted(recipe.action.name))) recipe_\(number) ;;\n"
        }
        text += "    *) echo \"no action $1\" >&2; exit 2 ;;\n  esac\n}\n\n"
        text += "if [ $# -gt 0 ]; then\n  for action; do make \"$action\"; done\nelse\n"
        for number in recipes.indices { text += "  recipe_\(number)\n" }
        return text + "fi\nexit $status\n"
    }

    private func function(_ number: Int, _ recipe: BundleWriter.Recipe) -> String {
        let kind = recipe.stage.kind
        var text = "\n# \(RecipeScript.comment(recipe.action.name))\n"
        text += "#   \(kind.versionedName), key \(recipe.result.key.hex)\n"
        if recipe.action.frozen != nil {
            let name = RecipeScript.quoted(recipe.action.name)
            return text + "recipe_\(number)() { echo \"frozen     \"\(name); }\n"
        }
        if !kind.runsForeignProgram {
            for (name, value) in recipe.action.parameters.sorted(by: { $0.key < $1.key }) {
                text += "#   \(name): \(RecipeScript.comment(value.canonicalText))\n"
            }
            if let seed = recipe.action.seed { text += "#   seed: \(DerivedSeed.text(seed))\n" }
            return text
                + "recipe_\(number)() { native \(RecipeScript.quoted(recipe.action.name)); }\n"
        }
        guard let call = ProgramCall(parameters: recipe.action.parameters), !hasTrees(recipe) else {
            return text
                + "recipe_\(number)() { native \(RecipeScript.quoted(recipe.action.name)); }\n"
        }
        return text + program(number, recipe, call)
    }

    /// Whether a folder is among what an action reads or makes: only bitlaw knows its digest.
    private func hasTrees(_ recipe: BundleWriter.Recipe) -> Bool {
        recipe.stage.kind.outputs.contains { $0.isTree }
            || (recipe.document["inputs"]?.members ?? [:]).values.contains { port in
                port.elements?.contains { $0["tree"] != nil } ?? false
            }
    }

    private func program(_ number: Int, _ recipe: BundleWriter.Recipe, _ call: ProgramCall)
        -> String
    {
        let work = "$work/\(number)/work"
        var text = "recipe_\(number)() {\n  mkdir -p \"\(work)\"\n"
        var inputs: [ProgramInput] = []
        for input in recipe.action.inputs {
            let entries = recipe.document["inputs"]?[input.port]?.elements ?? []
            let items = entries.map { entry in
                ProgramInput.Item(
                    name: entry["name"]?.text ?? "",
                    coordinates: entry["at"]?.members.map { at in
                        at.sorted { $0.key < $1.key }.map {
                            Coordinate(axis: $0.key, value: $0.value)
                        }
                    })
            }
            let isCode = input.port == InputPort.programFiles
            let laid = ProgramInput(input.port, items)
            if !isCode { inputs.append(laid) }
            let places = isCode ? items.map { $0.name } : laid.places
            for (place, entry) in zip(places.indices, entries) {
                text += put(entry, source(input, place), at: "\(work)/", places[place])
            }
        }
        let places = ProgramPlaces(call, inputs: inputs, seed: recipe.action.seed ?? 0)
        for input in inputs where !input.isOne {
            text += "  printf '%s' \(RecipeScript.quoted(input.csv)) >\"\(work)/\(input.table)\"\n"
        }
        if let parameters = places.parameters {
            let path = "\"\(work)/\(ProgramPlaces.parametersPath)\""
            text +=
                "  mkdir -p \"\(work)/\(ProgramOutputs.inputs)\"\n  printf '%s\\n' "
                + "\(RecipeScript.quoted(parameters.canonicalText)) >\(path)\n"
        }
        for output in call.outputs.list {
            let folder = ProjectFolder.folder(of: output.path)
            if !folder.isEmpty { text += "  mkdir -p \"\(work)\"/\(RecipeScript.quoted(folder))\n" }
        }
        let variables =
            ProgramVariables.fixed(call)
            + call.environment.map {
                "\($0.name)=\(places.text($0.word))"
            }
        let words = (try? places.words(call.words)) ?? ["false"]
        text += "  (cd \"\(work)\" && env HOME=\"$PWD\" "
        text += (variables + words).map(RecipeScript.quoted).joined(separator: " ")
        text += call.outputs.list.isEmpty ? " >../out)\n" : ")\n"
        for output in recipe.result.outputs {
            let path = call.outputs.list.first { $0.name == output.name }?.path
            let made = path.map { "\"\(work)\"/\(RecipeScript.quoted($0))" }
            text += "  check \(made ?? "\"$work/\(number)/out\"") \(output.digest.hex) "
            text += "\(RecipeScript.quoted(recipe.action.name))\n"
        }
        return text + "}\n"
    }

    /// Puts a file where the program finds it.
    private func put(_ entry: JSON, _ source: InputSource?, at lead: String, _ path: String)
        -> String
    {
        let target = "\"\(lead)\"\(RecipeScript.quoted(path))"
        let folder = ProjectFolder.folder(of: path)
        var text =
            folder.isEmpty ? "" : "  mkdir -p \"\(lead)\"\(RecipeScript.quoted(folder))\n"
        if case .file(let file)? = source {
            text += "  cp \"$here\"/\(RecipeScript.quoted("experiment/\(file)")) \(target)\n"
        } else {
            text += "  place \(entry["digest"]?.text ?? "") \(target)\n"
        }
        if entry["executable"]?.bool == true { text += "  chmod +x \(target)\n" }
        return text
    }

    private func source(_ input: ActionInput, _ place: Int) -> InputSource? {
        place < input.sources.count ? input.sources[place] : nil
    }

    private static func quoted(_ text: String) -> String { ShellText.quoted(text) }

    private static func comment(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
